package io.mlpipeline.delta;

import static io.mlpipeline.delta.KernelTableLogTest.assertFails;
import static io.mlpipeline.delta.Tables.by;
import static io.mlpipeline.delta.Tables.staged;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other processes and other stores than the local disk. */
class KernelTableLogOutsideTest {

  private static final int COMMITS = 40;

  @TempDir Path warehouse;

  private final String name = UUID.randomUUID().toString();
  private final MemoryFileSystem.Store files = MemoryFileSystem.store(name);
  private final KernelTableLog log =
      new KernelTableLog("mem://" + name + "/wh", MemoryFileSystem::conf);

  @Test
  void worksOnAnyFileSystemOfHadoop() {
    files.files.put("/wh/t/a.parquet", new byte[7]);
    DataFile file = new DataFile("a.parquet", new TreeMap<>(), 7, 1, 2, null);
    assertThat(log.findHead("t")).isEmpty();
    assertThat(log.replace(staged("t", file), -1, by("one"))).isZero();
    assertThat(log.findHead("t")).hasValue(0);
    assertThat(log.findNewest("t").orElseThrow().files())
        .extracting(DataFile::path)
        .containsExactly("a.parquet");
    assertThat(log.allPresent("t", List.of(file))).isTrue();
    files.files.remove("/wh/t/a.parquet");
    assertThat(log.allPresent("t", List.of(file))).isFalse();
    DataFile gone = new DataFile("b.parquet", new TreeMap<>(), 7, 1, 2, null);
    assertFails(ErrorType.INPUT_GONE, () -> log.replace(staged("t", gone), 0, by("two")));
  }

  @Test
  void findsItsCommitWhenTheAnswerGotLost() {
    files.afterRename = onCommit(new IOException("connection reset"));
    assertThat(log.replace(staged("t"), -1, by("one"))).isZero();
    assertThat(log.replace(staged("t"), 0, by("two"))).isEqualTo(1);
    assertThat(log.findHead("t")).hasValue(1);
    assertThat(log.findAttempt("t", 1)).contains("two");
  }

  @Test
  void saysThatNobodyKnowsIfTheCommitMayStillArrive() {
    log.replace(staged("t"), -1, by("one"));
    files.beforeRename = onCommit(new IOException("read timed out"));
    assertFails(ErrorType.PUBLISH_UNKNOWN, () -> log.replace(staged("t"), 0, by("two")))
        .hasMessageContaining("attempt two")
        .hasMessageContaining("_delta_log/00000000000000000001.json");
    files.beforeRename = onCommit(new AccessControlException("user=x, access=WRITE"));
    assertFails(ErrorType.ACCESS_DENIED, () -> log.replace(staged("t"), 0, by("three")));
    assertThat(log.findHead("t")).hasValue(0);
  }

  private static Function<org.apache.hadoop.fs.Path, IOException> onCommit(IOException error) {
    return path -> path.getName().endsWith(".json") ? error : null;
  }

  @Test
  void plansOnALaptopWithNoClassOfHadoopOrKernel() throws Exception {
    Path table = warehouse.resolve("t");
    DataFile file = Tables.file(table, "a.parquet");
    Tables.log(warehouse).replace(staged("t", file), -1, by("one"));
    ChildJvm child =
        ChildJvm.start(
            List.of(), ChildJvm.ownClasses(), Front.class, warehouse.toString(), "" + file.size());
    ChildJvm.release(List.of(child));
    assertThat(child.lines()).containsExactly("OptionalLong[0]", "true", "OptionalLong.empty");
  }

  /** A class and not a lambda: the type of a lambda would load {@link Configuration}. */
  static final class NoSettings implements Supplier<Configuration> {
    @Override
    public Configuration get() {
      throw new AssertionError("no settings are needed");
    }
  }

  /** What the light front asks; on a class path with our own classes and nothing else. */
  static final class Front {
    public static void main(String[] args) throws IOException {
      ChildJvm.awaitRelease();
      KernelTableLog log = new KernelTableLog(args[0], new NoSettings());
      System.out.println(log.findHead("t"));
      DataFile file =
          new DataFile("a.parquet", new TreeMap<>(), Long.parseLong(args[1]), 0, 1, null);
      System.out.println(log.allPresent("t", List.of(file)));
      System.out.println(log.findHead("nothing/here"));
      ObjectStores.open(args[0] + "/_ml", new NoSettings()).putIfAbsent("x", new byte[1]);
    }
  }

  @Test
  void letsExactlyOneOfTwoProcessesCommitEachVersion() throws Exception {
    List<ChildJvm> children =
        List.of(
            ChildJvm.start(Committer.class, warehouse.toString(), "a"),
            ChildJvm.start(Committer.class, warehouse.toString(), "b"));
    ChildJvm.release(children);
    TreeMap<Long, String> acknowledged = new TreeMap<>();
    for (ChildJvm child : children) {
      for (String line : child.lines()) {
        String[] versionAndAttempt = line.split(" ");
        long version = Long.parseLong(versionAndAttempt[0]);
        assertThat(acknowledged.put(version, versionAndAttempt[1]))
            .as("version %s acknowledged before", version)
            .isNull();
      }
    }
    KernelTableLog here = Tables.log(warehouse);
    assertThat(acknowledged.firstKey()).isZero();
    assertThat(acknowledged.lastKey()).isEqualTo(acknowledged.size() - 1L);
    assertThat(here.findHead("t")).hasValue(acknowledged.lastKey());
    acknowledged.forEach((v, attempt) -> assertThat(here.findAttempt("t", v)).contains(attempt));
    assertThat(acknowledged.values())
        .anyMatch(attempt -> attempt.startsWith("a"))
        .anyMatch(attempt -> attempt.startsWith("b"));
  }

  /** Commits on top of whatever is there until the table has enough versions. */
  static final class Committer {
    public static void main(String[] args) throws IOException {
      KernelTableLog log = Tables.log(Path.of(args[0]));
      log.findNewest("t");
      ChildJvm.awaitRelease();
      for (int i = 0; log.findHead("t").orElse(-1) < COMMITS; i++) {
        String attempt = args[1] + "-" + i;
        try {
          long version = log.replace(staged("t"), log.findHead("t").orElse(-1), by(attempt));
          System.out.println(version + " " + attempt);
        } catch (EngineException e) {
          if (e.type() != ErrorType.PUBLISH_CONFLICT) {
            throw e;
          }
        }
      }
    }
  }
}
