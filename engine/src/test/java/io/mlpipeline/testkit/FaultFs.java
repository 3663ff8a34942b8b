package io.mlpipeline.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Local files under another scheme, {@code fault:/path}, that fail when a test says so. A file's
 * bytes reach the disk when it is closed, which is a call of its own: {@code write}.
 *
 * <p>A rename refuses a name that is taken, as that of HDFS does.
 */
public final class FaultFs extends RawLocalFileSystem {

  private static final URI ROOT = URI.create("fault:///");
  private static volatile Fault fault = Fault.none();

  /** Makes the scheme known to every configuration of this JVM. */
  public static void mount() {
    Configuration.addDefaultResource("io/mlpipeline/testkit/fault-site.xml");
  }

  /** From now on this goes wrong, and nothing else. */
  public static Fault set(Fault now) {
    fault = now;
    return now;
  }

  /** What Hadoop's newer interface wants, for the renames of Delta's log. */
  public static final class Context extends DelegateToFileSystem {

    /** Called by Hadoop. */
    public Context(URI uri, Configuration conf) throws IOException, URISyntaxException {
      super(ROOT, opened(conf), conf, "fault", false);
    }

    /** In one call, as HDFS does it; what this inherits deletes first. */
    @Override
    public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
      if (!overwrite) {
        super.renameInternal(from, to, false);
        return;
      }
      fault.numbered(
          "replace " + to.getName(),
          () ->
              Files.move(
                  java.nio.file.Path.of(from.toUri().getPath()),
                  java.nio.file.Path.of(to.toUri().getPath()),
                  StandardCopyOption.ATOMIC_MOVE,
                  StandardCopyOption.REPLACE_EXISTING),
          () -> null);
    }

    private static FaultFs opened(Configuration conf) throws IOException {
      FaultFs fs = new FaultFs();
      fs.initialize(ROOT, conf);
      return fs;
    }
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "fault";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    fault.requireAlive("read " + path.getName());
    return super.open(path, bufferSize);
  }

  @Override
  protected OutputStream createOutputStream(Path path, boolean append) throws IOException {
    return createOutputStreamWithMode(path, append, null);
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path path, boolean append, FsPermission permission) throws IOException {
    if (append) {
      throw new UnsupportedOperationException("append");
    }
    OutputStream file =
        fault.numbered(
            "create " + path.getName(),
            () -> super.createOutputStreamWithMode(path, false, null),
            () -> null);
    return new Held(path.getName(), file);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return fault.numbered(
        "rename " + to.getName(),
        () -> !Files.exists(pathToFile(to).toPath()) && super.rename(from, to),
        () -> null);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return fault.numbered(
        "delete " + path.getName(), () -> super.delete(path, recursive), () -> null);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    if (pathToFile(path).isDirectory()) {
      return true;
    }
    return fault.numbered("mkdir " + path.getName(), () -> pathToFile(path).mkdirs(), () -> null);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    return mkdirs(path);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus[] found =
        fault.numbered("list " + path.getName(), () -> super.listStatus(path), () -> null);
    for (int i = 0; i < found.length; i++) {
      found[i] = plain(found[i]);
    }
    return found;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    fault.requireAlive("look at " + path.getName());
    return plain(super.getFileStatus(path));
  }

  @Override
  public boolean exists(Path path) throws IOException {
    fault.requireAlive("look for " + path.getName());
    return super.exists(path);
  }

  @Override
  public void setPermission(Path path, FsPermission permission) {
    // Without Hadoop's native library that is a process for each file.
  }

  /** Asked for its permissions the other sort of status thinks that every URI is a file's. */
  private static FileStatus plain(FileStatus status) {
    return new FileStatus(
        status.getLen(),
        status.isDirectory(),
        1,
        status.getBlockSize(),
        status.getModificationTime(),
        status.getPath());
  }

  /** Holds bytes back until it is closed. */
  private static final class Held extends ByteArrayOutputStream {

    private final String name;
    private final OutputStream file;
    private boolean closed;

    Held(String name, OutputStream file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public synchronized void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (file) {
        fault.numbered("write " + name, () -> put(count), () -> put(count / 2));
      }
    }

    private Void put(int bytes) throws IOException {
      file.write(buf, 0, bytes);
      return null;
    }
  }
}
