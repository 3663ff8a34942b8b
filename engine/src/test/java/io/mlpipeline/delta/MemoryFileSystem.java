package io.mlpipeline.delta;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system in memory, {@code mem://name/}, that renames as HDFS does: a name that is taken is
 * refused. A test can make renames fail, before they happen or after.
 */
public final class MemoryFileSystem extends FileSystem {

  private static final Map<String, MemoryFileSystem.Store> STORES = new ConcurrentHashMap<>();

  /** The files of one authority, and what goes wrong with it. */
  static final class Store {
    final ConcurrentSkipListMap<String, byte[]> files = new ConcurrentSkipListMap<>();
    final Set<String> directories = ConcurrentHashMap.newKeySet();
    volatile Function<Path, IOException> beforeRename = path -> null;
    volatile Function<Path, IOException> afterRename = path -> null;
  }

  private URI uri = URI.create("mem://none");
  private Store store = new Store();

  static Store store(String name) {
    return STORES.computeIfAbsent(name, key -> new Store());
  }

  static Configuration conf() {
    Configuration conf = new Configuration(false);
    conf.set("fs.mem.impl", MemoryFileSystem.class.getName());
    conf.set("io.delta.kernel.logStore.mem.impl", "io.delta.storage.AzureLogStore");
    return conf;
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    uri = URI.create("mem://" + name.getAuthority());
    store = store(name.getAuthority());
    setConf(conf);
  }

  @Override
  public URI getUri() {
    return uri;
  }

  private static String key(Path path) {
    return path.toUri().getPath();
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    byte[] content = store.files.get(key(path));
    if (content == null) {
      throw new FileNotFoundException(path.toString());
    }
    return new FSDataInputStream(new Bytes(content));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (!overwrite && store.files.containsKey(key(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    mkdirs(path.getParent(), permission);
    store.files.put(key(path), new byte[0]);
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public synchronized void close() {
            store.files.put(key(path), toByteArray());
          }
        },
        null);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("append");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    fail(store.beforeRename.apply(to));
    byte[] content = store.files.get(key(from));
    if (content == null || store.files.putIfAbsent(key(to), content) != null) {
      return false;
    }
    store.files.remove(key(from));
    fail(store.afterRename.apply(to));
    return true;
  }

  private static void fail(IOException error) throws IOException {
    if (error != null) {
      throw error;
    }
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    return store.files.remove(key(path)) != null;
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    if (!store.directories.contains(key(path))) {
      throw new FileNotFoundException(path.toString());
    }
    List<FileStatus> children = new ArrayList<>();
    String parent = key(path).endsWith("/") ? key(path) : key(path) + "/";
    for (String name : store.files.keySet()) {
      if (name.startsWith(parent) && name.indexOf('/', parent.length()) < 0) {
        children.add(status(name));
      }
    }
    for (String name : store.directories) {
      if (name.startsWith(parent)
          && name.length() > parent.length()
          && name.indexOf('/', parent.length()) < 0) {
        children.add(status(name));
      }
    }
    return children.toArray(new FileStatus[0]);
  }

  private FileStatus status(String name) {
    byte[] content = store.files.get(name);
    long size = content == null ? 0 : content.length;
    return new FileStatus(size, content == null, 1, 1 << 20, 1000, new Path(uri + name));
  }

  @Override
  public void setWorkingDirectory(Path directory) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(uri + "/");
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    for (Path p = path; p != null; p = p.getParent()) {
      store.directories.add(key(p));
    }
    return true;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    String name = key(path);
    if (!store.files.containsKey(name) && !store.directories.contains(name)) {
      throw new FileNotFoundException(path.toString());
    }
    return status(name);
  }

  private static final class Bytes extends ByteArrayInputStream
      implements Seekable, PositionedReadable {
    Bytes(byte[] content) {
      super(content);
    }

    @Override
    public void seek(long position) {
      pos = (int) position;
    }

    @Override
    public long getPos() {
      return pos;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) {
      int old = pos;
      pos = (int) position;
      int count = read(buffer, offset, length);
      pos = old;
      return count;
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
      if (read(position, buffer, offset, length) < length) {
        throw new java.io.EOFException();
      }
    }

    @Override
    public void readFully(long position, byte[] buffer) throws IOException {
      readFully(position, buffer, 0, buffer.length);
    }
  }
}
