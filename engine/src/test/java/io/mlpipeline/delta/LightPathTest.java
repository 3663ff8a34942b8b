package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.mlpipeline.json.Samples;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.port.TableLog;
import java.io.File;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** Planning and recording on a laptop need neither Hadoop nor Kernel on the class path. */
class LightPathTest {

  @TempDir private Path directory;

  @Test
  void pinsRecordsAndPlansWithJacksonAndSlf4jAlone() throws Exception {
    Path file = Files.writeString(directory.resolve("a.csv"), "1");
    String classPath =
        Stream.of(StoredLedger.class, Front.class, JsonFactory.class, Logger.class)
            .map(LightPathTest::home)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    Process front =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Front.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(front.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(front.waitFor()).as(output).isZero();
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No lambda: linking one of this type would load the class Configuration. */
  private static final class NoSettings implements Supplier<Configuration> {
    @Override
    public Configuration get() {
      throw new IllegalStateException("asked for Hadoop");
    }
  }

  /** What the light front does with this package. */
  static final class Front {

    private Front() {}

    public static void main(String[] args) {
      ObjectStore objects = new MapObjectStore();
      Samples samples = new Samples(5);
      StoredReuseIndex index = new StoredReuseIndex(objects);
      TreeMap<String, io.mlpipeline.model.ReuseEntry> steps = new TreeMap<>();
      for (int i = 0; i < 100; i++) {
        steps.put("s" + i, samples.entry("churn", "s" + i));
      }
      index.saveLast(new LastState("churn", steps));
      check(index.loadLast("churn").steps().equals(steps));
      index.add(steps.get("s1"));
      TableLog log =
          (TableLog)
              Proxy.newProxyInstance(
                  Front.class.getClassLoader(), new Class<?>[] {TableLog.class}, (p, m, a) -> null);
      FileSourcePins pins =
          new FileSourcePins(
              new FileSourcePins.Options(
                  objects,
                  FileSourcePins.VerifyMode.STAT_CACHE,
                  k -> Optional.empty(),
                  () -> Instant.EPOCH),
              log,
              new NoSettings());
      InputSpec input =
          new InputSpec(
              "raw",
              InputKind.FILES,
              args[0],
              "csv",
              Collections.emptySortedMap(),
              null,
              null,
              null,
              GateSpec.OPEN,
              InputSpec.Presence.REQUIRED,
              List.of(),
              null,
              SourceLocation.UNKNOWN);
      check(pins.pin(input).isPresent());
      StoredLedger ledger =
          new StoredLedger(objects, () -> new LineageTable("none", new NoSettings()));
      check(ledger.record(samples.receipt("r1", 0)).startsWith("_ml/receipts/r1/"));
      ledger.record(samples.receipt("r1", 1));
      StoredModels models = new StoredModels(objects, new LocalFilesPresent(Path.of(args[0])));
      check(models.find("churn", "lr", "m1:" + "0".repeat(64)).isEmpty());
      try {
        Class.forName("org.apache.hadoop.conf.Configuration");
        check(false);
      } catch (ClassNotFoundException expected) {
        check(true);
      }
    }

    private static void check(boolean holds) {
      if (!holds) {
        throw new IllegalStateException("does not hold");
      }
    }
  }
}
