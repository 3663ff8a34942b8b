package io.mlpipeline.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NioLocalFileSystemTest {

  @TempDir private Path temp;
  private final Configuration conf = new Configuration();

  private FileSystem opened(FileSystem system) throws IOException {
    system.initialize(URI.create("file:///"), conf);
    return system;
  }

  private static org.apache.hadoop.fs.Path at(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "027", "077"})
  void filesChecksumsAndFoldersCanBeReadByWhomHadoopsOwnLetsRead(String umask) throws IOException {
    conf.set("fs.permissions.umask-mode", umask);
    Path ours = temp.resolve("ours/below/file");
    Path theirs = temp.resolve("theirs/below/file");
    try (var one = opened(new NioLocalFileSystem()).create(at(ours));
        var other = opened(new LocalFileSystem()).create(at(theirs))) {
      one.write("text".getBytes(UTF_8));
      other.write("text".getBytes(UTF_8));
    }
    assertThat(permissions(ours)).isEqualTo(permissions(theirs));
    assertThat(permissions(ours.getParent())).isEqualTo(permissions(theirs.getParent()));
    assertThat(permissions(ours.resolveSibling(".file.crc")))
        .isEqualTo(permissions(theirs.resolveSibling(".file.crc")));
    assertThat(ours.resolveSibling(".file.crc"))
        .hasSameBinaryContentAs(theirs.resolveSibling(".file.crc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxrwx", "rw-r-----", "r--------", "rwx-wx--x"})
  void setsWhatItIsTold(String wanted) throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "text");
    opened(new NioLocalFileSystem()).setPermission(at(file), FsPermission.valueOf("-" + wanted));
    assertThat(permissions(file)).isEqualTo(wanted);
  }

  @Test
  void leavesToHadoopWhatTheJdkCannotSet() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("folder"));
    opened(new NioLocalFileSystem()).setPermission(at(folder), new FsPermission((short) 01777));
    assertThat((Integer) Files.getAttribute(folder, "unix:mode") & 07777).isEqualTo(01777);
  }

  @Test
  void saysWhichFileIsNotThere() throws IOException {
    FileSystem files = opened(new NioLocalFileSystem());
    Path missing = temp.resolve("missing");
    assertThatThrownBy(() -> files.setPermission(at(missing), FsPermission.getFileDefault()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(missing.toString());
    assertThatThrownBy(() -> files.open(at(missing))).isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void isUsedUnlessSettingsNameAnother() {
    assertThat(new HadoopSettings().get().get("fs.file.impl"))
        .isEqualTo(NioLocalFileSystem.class.getName());
    Configuration changed = new HadoopSettings().get();
    changed.set("fs.file.impl", "com.example.Mine");
    assertThat(new HadoopSettings().get().get("fs.file.impl"))
        .isEqualTo(NioLocalFileSystem.class.getName());
  }
}
