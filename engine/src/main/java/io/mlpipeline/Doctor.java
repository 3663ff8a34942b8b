package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Platform;
import io.mlpipeline.port.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;

/** Examines the machine and a warehouse. Writes one probe object and removes it. */
public final class Doctor {

  private static final long LEAST_DISK = 1L << 30;
  private static final long LEAST_HEAP = 1L << 30;
  private static final int RACERS = 8;

  private Doctor() {}

  /**
   * One thing that was looked at.
   *
   * @param what its name
   * @param ok whether a run may rely on it
   * @param text what was found, and what to do if it is not ok
   */
  public record Finding(String what, boolean ok, String text) {}

  /** Looks at everything; never throws for what it finds. */
  public static List<Finding> examine(String warehouse, Path workingDirectory) {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(versions());
    findings.add(memory());
    Warehouse opened = Warehouse.open(warehouse, workingDirectory);
    if (!opened.uri().contains(":")) {
      findings.add(disk(Path.of(opened.uri())));
    }
    findings.add(store(opened));
    findings.add(lineage(opened));
    return findings;
  }

  private static Finding java() {
    int feature = Runtime.version().feature();
    String text = Runtime.version() + " in " + System.getProperty("java.home");
    return feature == 17
        ? new Finding("java", true, text)
        : new Finding("java", false, text + "; Spark " + Platform.SPARK + " needs JDK 17");
  }

  private static Finding versions() {
    return new Finding(
        "versions",
        true,
        "engine "
            + RunFacts.version()
            + ", Spark "
            + Platform.SPARK
            + ", Delta "
            + Platform.DELTA
            + ", engine semantics "
            + Platform.ENGINE_SEMANTICS);
  }

  private static Finding memory() {
    var system = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    long bytes =
        system instanceof com.sun.management.OperatingSystemMXBean known
            ? known.getTotalMemorySize()
            : LEAST_HEAP * 4;
    boolean ok = bytes / 4 >= LEAST_HEAP;
    return new Finding(
        "memory",
        ok,
        gigabytes(bytes) + (ok ? "" : "; set MLPIPELINE_OPTS=-Xmx1g or use a larger machine"));
  }

  private static Finding disk(Path warehouse) {
    Path at = warehouse;
    while (at != null && !Files.exists(at)) {
      at = at.getParent();
    }
    try {
      long free = at == null ? 0 : Files.getFileStore(at).getUsableSpace();
      boolean ok = free >= LEAST_DISK;
      return new Finding("disk", ok, gigabytes(free) + " free" + (ok ? "" : "; free some room"));
    } catch (IOException e) {
      return new Finding("disk", false, "cannot be asked: " + e.getMessage());
    }
  }

  /** Several writers race for one key: exactly one may win, and it must be its bytes that stay. */
  private static Finding store(Warehouse warehouse) {
    String key = "doctor/" + UUID.randomUUID();
    ObjectStore objects = warehouse.objects();
    try {
      List<Integer> winners =
          IntStream.range(0, RACERS)
              .parallel()
              .filter(i -> objects.putIfAbsent(key, new byte[] {(byte) i}))
              .boxed()
              .toList();
      byte[] kept = objects.find(key).orElse(new byte[0]);
      objects.delete(key);
      boolean ok = winners.size() == 1 && kept.length == 1 && kept[0] == winners.get(0);
      return new Finding(
          "store",
          ok,
          ok
              ? "put-if-absent is exact in " + warehouse.uri()
              : winners.size()
                  + " of "
                  + RACERS
                  + " writers won one key in "
                  + warehouse.uri()
                  + "; two runs could lose commits there: use another store");
    } catch (EngineException e) {
      return new Finding("store", false, e.getMessage() + "; " + e.type().remedy());
    }
  }

  private static Finding lineage(Warehouse warehouse) {
    try {
      int runs = warehouse.ledger().runs("", Integer.MAX_VALUE).size();
      return new Finding("lineage", true, runs + " runs on record");
    } catch (RuntimeException e) {
      return new Finding("lineage", false, "cannot be read: " + e.getMessage());
    }
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30));
  }
}
