package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.testkit.ObjectStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {

  @TempDir Path directory;

  @Override
  protected ObjectStore store() {
    return ObjectStores.open(
        directory.resolve("not/yet/there").toString(),
        () -> {
          throw new AssertionError("a local store needs no Hadoop");
        });
  }

  @Test
  void ignoresWhatAKilledWriterLeftAndLeavesNothingItself() throws IOException {
    store().putIfAbsent("a/1", bytes("x"));
    store().putIfAbsent("a/1", bytes("y"));
    store().replace("a/2", bytes("z"));
    Path folder = directory.resolve("not/yet/there/a");
    Files.writeString(folder.resolve(".1.~77-1.tmp"), "half");
    assertThat(store().list("")).containsExactly("a/1", "a/2");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void saysWhichFileIsWhereADirectoryMustBe() throws IOException {
    Files.createDirectories(directory.resolve("not/yet"));
    Files.writeString(directory.resolve("not/yet/there"), "a file");
    assertThatThrownBy(() -> store().putIfAbsent("a/1", bytes("x")))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.type()).isEqualTo(ErrorType.ENVIRONMENT_INVALID))
        .hasMessageContaining("is a file where a directory must be");
    assertThat(store().find("a/1")).isEmpty();
  }

  @Test
  void reportsAFullDiskAndLeavesNoHalfObject() throws Exception {
    // A limit on the size of files fails a write in its middle as a full disk does.
    ChildJvm child =
        ChildJvm.start(
            List.of("/bin/sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"),
            ChildJvm.ownClasses(),
            BigPut.class,
            directory.toString());
    ChildJvm.release(List.of(child));
    assertThat(child.lines()).containsExactly("DISK_FULL", "[]");
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  /** Puts more than it may, with no class but ours on the path. */
  static final class BigPut {
    public static void main(String[] args) throws IOException {
      ChildJvm.awaitRelease();
      ObjectStore store = new LocalObjectStore(Path.of(args[0]));
      try {
        store.putIfAbsent("a/big", new byte[1 << 20]);
      } catch (EngineException e) {
        System.out.println(e.type());
      }
      System.out.println(store.list(""));
    }
  }
}
