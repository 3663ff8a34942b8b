package io.mlpipeline.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, which sets the permissions of what it makes by itself. Without the
 * native library, which nobody has on a laptop, Hadoop's own starts a {@code chmod} for every file,
 * checksum and directory.
 *
 * <p>Set it with {@code fs.file.impl}. What it writes, reads and refuses is otherwise the same.
 */
public final class NioLocalFileSystem extends LocalFileSystem {

  /** Called by reflection. */
  public NioLocalFileSystem() {
    super(new Raw());
  }

  /**
   * A copy of settings by which local files have no checksum file beside them: it goes stale when
   * another writer replaces the file, and then nobody can read it. Nothing comes from the cache of
   * file systems, for that is Spark's.
   */
  static Configuration withoutChecksums(Configuration settings) {
    Configuration copy = new Configuration(settings);
    copy.set("fs.file.impl", Raw.class.getName());
    copy.setBoolean("fs.file.impl.disable.cache", true);
    return copy;
  }

  /** The same without checksum files. */
  public static final class Raw extends RawLocalFileSystem {

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      PosixFileAttributeView view =
          Files.getFileAttributeView(pathToFile(path).toPath(), PosixFileAttributeView.class);
      if (view == null || permission.getStickyBit()) {
        super.setPermission(path, permission); // not what the JDK can do
      } else {
        view.setPermissions(of(permission));
      }
    }
  }

  private static Set<PosixFilePermission> of(FsPermission permission) {
    return PosixFilePermissions.fromString(
        permission.getUserAction().SYMBOL
            + permission.getGroupAction().SYMBOL
            + permission.getOtherAction().SYMBOL);
  }
}
