package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkLogStoreTest {

  private static final int VERSIONS = 500;

  @TempDir java.nio.file.Path directory;

  private final Configuration conf = new Configuration(false);
  private final LinkLogStore store = new LinkLogStore(conf);

  private Path path(String name) {
    return new Path("file:" + directory + "/" + name);
  }

  private void write(String name, boolean overwrite, String... lines) throws IOException {
    store.write(path(name), List.of(lines).iterator(), overwrite, conf);
  }

  private List<String> read(String name) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var iterator = store.read(path(name), conf)) {
      iterator.forEachRemaining(lines::add);
    }
    return lines;
  }

  @Test
  void writesACommitOnceAndKeepsIt() throws IOException {
    write("0.json", false, "erste Zeile \u00fc\u0131\u4e16", "", "third");
    assertThatThrownBy(() -> write("0.json", false, "other"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(read("0.json")).containsExactly("erste Zeile \u00fc\u0131\u4e16", "", "third");
  }

  @Test
  void replacesAFileTogetherWithTheChecksumThatHadoopKeepsForIt() throws IOException {
    write("_last_checkpoint", true, "old");
    Files.writeString(directory.resolve("._last_checkpoint.crc"), "of the old bytes");
    write("_last_checkpoint", true, "new");
    assertThat(read("_last_checkpoint")).containsExactly("new");
    assertThat(directory.resolve("._last_checkpoint.crc")).doesNotExist();
  }

  @Test
  void listsFromANameOnInOrder() throws IOException {
    for (String name : List.of("00010.json", "00002.json", "00002.checkpoint.parquet", "x")) {
      write(name, false, "12");
    }
    write("00001.json", false);
    Files.createDirectory(directory.resolve("_sidecars"));
    List<String> names = new ArrayList<>();
    Iterator<FileStatus> files = store.listFrom(path("00002"), conf);
    files.forEachRemaining(file -> names.add(file.getPath().getName() + ":" + file.getLen()));
    assertThat(names.subList(0, 3))
        .containsExactly("00002.checkpoint.parquet:3", "00002.json:3", "00010.json:3");
    assertThat(names).hasSize(5).last().isEqualTo("x:3");
    assertThat(store.listFrom(path("\u0000"), conf))
        .as("all of a directory, as VACUUM asks for it")
        .toIterable()
        .hasSize(6);
    assertThat(store.listFrom(path("00002"), conf).next().getPath())
        .isEqualTo(path("00002.checkpoint.parquet"));
  }

  @Test
  void leavesNothingWhenTheActionsFailInTheMiddle() throws IOException {
    Iterator<String> broken =
        new Iterator<>() {
          private int count;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public String next() {
            if (count++ > 3) {
              throw new IllegalStateException("no more");
            }
            return "line";
          }
        };
    assertThatThrownBy(() -> store.write(path("1.json"), broken, false, conf))
        .isInstanceOf(IllegalStateException.class);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void reportsADirectoryThatIsNotThere() {
    assertThatThrownBy(() -> write("no/1.json", false, "x"))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> store.listFrom(path("no/1.json"), conf))
        .isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> store.read(path("no.json"), conf))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void tellsWritersOfCheckpointsToRenameBecauseAFileSystemShowsPartialFiles() {
    assertThat(store.isPartialWriteVisible(path("1"), conf)).isTrue();
    assertThat(store.resolvePathOnPhysicalStorage(path("1"), conf)).isEqualTo(path("1"));
  }

  @Test
  void letsExactlyOneOfTwoProcessesWriteEachVersion() throws Exception {
    List<ChildJvm> children =
        List.of(
            ChildJvm.start(Writer.class, directory.toString(), "a"),
            ChildJvm.start(Writer.class, directory.toString(), "b"));
    ChildJvm.release(children);
    TreeMap<Integer, String> acknowledged = new TreeMap<>();
    Set<String> winners = new TreeSet<>();
    for (ChildJvm child : children) {
      for (String line : child.lines()) {
        String[] versionAndWriter = line.split(" ");
        assertThat(acknowledged.put(Integer.parseInt(versionAndWriter[0]), versionAndWriter[1]))
            .as("version %s acknowledged before", versionAndWriter[0])
            .isNull();
        winners.add(versionAndWriter[1]);
      }
    }
    assertThat(acknowledged).hasSize(VERSIONS);
    assertThat(winners).as("both took part").containsExactly("a", "b");
    for (var entry : acknowledged.entrySet()) {
      assertThat(read(entry.getKey() + ".json")).containsExactly(entry.getValue());
    }
  }

  /** Tries to write every version, and says which ones it was told are its own. */
  static final class Writer {
    public static void main(String[] args) throws IOException {
      Configuration conf = new Configuration(false);
      LinkLogStore store = new LinkLogStore(conf);
      ChildJvm.awaitRelease();
      for (int version = 0; version < VERSIONS; version++) {
        Path path = new Path("file:" + args[0] + "/" + version + ".json");
        try {
          store.write(path, List.of(args[1]).iterator(), false, conf);
          System.out.println(version + " " + args[1]);
        } catch (FileAlreadyExistsException e) {
          // The other one was quicker.
        }
      }
    }
  }
}
