package io.mlpipeline.delta;

import io.mlpipeline.port.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Objects as files of a Hadoop file system other than the local one.
 *
 * <p>How exact put-if-absent is depends on the scheme. File systems with a true rename ({@code
 * hdfs}, {@code viewfs}, {@code abfs} with a hierarchical namespace): a hidden file is written,
 * then renamed; such a rename refuses a name that is taken, so it is exact, and an object is whole
 * as soon as it is there. {@code gs}: a create without overwrite is a conditional request, exact
 * too. {@code s3a} and other S3 clients of Hadoop 3.3: a create without overwrite looks first and
 * writes later, so two writers within the same seconds can both be told true; use one driver a
 * warehouse there.
 *
 * <p>After an error the object is read again: if it is what this caller wanted to put, it counts as
 * put. Safe for any number of threads.
 */
public final class HadoopObjectStore implements ObjectStore {

  /** Stores where a file appears at close, and a rename is a copy. */
  private static final Set<String> APPEAR_AT_CLOSE =
      Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs");

  /** How an absent object is put; what a scheme can do better replaces it. */
  interface Exclusive {
    /** Whether the file was made; false if the name was taken. */
    boolean create(FileSystem fs, Path file, byte[] content) throws IOException;
  }

  private final Path root;
  private final Configuration conf;
  private final Exclusive exclusive;

  public HadoopObjectStore(Path root, Configuration conf) {
    this(root, conf, exclusiveFor(root));
  }

  HadoopObjectStore(Path root, Configuration conf, Exclusive exclusive) {
    this.root = root;
    this.conf = conf;
    this.exclusive = exclusive;
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    Path file = file(key);
    try {
      FileSystem fs = fs();
      return !fs.exists(file) && exclusive.create(fs, file, content);
    } catch (IOException e) {
      if (isThere(file, content)) {
        return true;
      }
      throw StorageFailures.of("cannot write " + file, e);
    }
  }

  @Override
  public void replace(String key, byte[] content) {
    Path file = file(key);
    try {
      FileSystem fs = fs();
      // A create with overwrite is atomic where files appear at close; elsewhere it shows a part.
      if (APPEAR_AT_CLOSE.contains(scheme(root))) {
        write(fs, file, content);
      } else {
        replaceByRename(fs, file, content);
      }
    } catch (IOException e) {
      throw StorageFailures.of("cannot replace " + file, e);
    }
  }

  @Override
  public Optional<byte[]> find(String key) {
    Path file = file(key);
    try (FSDataInputStream in = fs().open(file)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageFailures.of("cannot read " + file, e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    String checked = ObjectKeys.checkPrefix(prefix);
    Path directory = checked.isEmpty() ? root : new Path(root, checked);
    List<String> keys = new ArrayList<>();
    try {
      collect(fs(), directory, checked, keys);
    } catch (IOException e) {
      throw StorageFailures.of("cannot list " + directory, e);
    }
    Collections.sort(keys);
    return keys;
  }

  @Override
  public void delete(String key) {
    Path file = file(key);
    try {
      FileSystem fs = fs();
      if (fs.exists(file) && fs.getFileStatus(file).isFile()) {
        fs.delete(file, false);
      }
    } catch (FileNotFoundException ignored) {
      // Somebody else was quicker.
    } catch (IOException e) {
      throw StorageFailures.of("cannot delete " + file, e);
    }
  }

  private static void collect(FileSystem fs, Path directory, String prefix, List<String> keys)
      throws IOException {
    FileStatus[] children;
    try {
      children = fs.listStatus(directory);
    } catch (FileNotFoundException e) {
      return;
    }
    for (FileStatus child : children) {
      String name = child.getPath().getName();
      if (child.isDirectory()) {
        collect(fs, child.getPath(), prefix + name + "/", keys);
      } else if (ObjectKeys.isSegment(name)) {
        keys.add(prefix + name);
      }
    }
  }

  private FileSystem fs() throws IOException {
    return root.getFileSystem(conf);
  }

  private Path file(String key) {
    return new Path(root, ObjectKeys.check(key));
  }

  /** Whether an answer got lost: the object is there, with our bytes. */
  private boolean isThere(Path file, byte[] content) {
    try (FSDataInputStream in = fs().open(file)) {
      return Arrays.equals(in.readAllBytes(), content);
    } catch (IOException e) {
      return false;
    }
  }

  private static String scheme(Path path) {
    String scheme = path.toUri().getScheme();
    return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
  }

  private static Exclusive exclusiveFor(Path root) {
    return APPEAR_AT_CLOSE.contains(scheme(root))
        ? HadoopObjectStore::createAtClose
        : HadoopObjectStore::createByRename;
  }

  private static boolean createAtClose(FileSystem fs, Path file, byte[] content)
      throws IOException {
    try (FSDataOutputStream out = fs.create(file, false)) {
      out.write(content);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static boolean createByRename(FileSystem fs, Path file, byte[] content)
      throws IOException {
    Path temporary = write(fs, temporary(file), content);
    boolean renamed = false;
    try {
      renamed = fs.rename(temporary, file);
      if (!renamed && !fs.exists(file)) {
        throw new IOException("rename of " + temporary + " was refused");
      }
      return renamed;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      if (!renamed) {
        fs.delete(temporary, false);
      }
    }
  }

  /** Only {@link FileContext} can rename onto a file in one call; some schemes have none. */
  private void replaceByRename(FileSystem fs, Path file, byte[] content) throws IOException {
    Path temporary = write(fs, temporary(file), content);
    try {
      FileContext.getFileContext(fs.getUri(), conf).rename(temporary, file, Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      replaceInTwoCalls(fs, temporary, file);
    }
  }

  /** For a moment there is no object: readers of what gets replaced take that for a miss. */
  private static void replaceInTwoCalls(FileSystem fs, Path temporary, Path file)
      throws IOException {
    if (fs.rename(temporary, file)) {
      return;
    }
    fs.delete(file, false);
    if (!fs.rename(temporary, file)) {
      fs.delete(temporary, false);
      throw new IOException("rename of " + temporary + " was refused");
    }
  }

  private static Path write(FileSystem fs, Path file, byte[] content) throws IOException {
    try (FSDataOutputStream out = fs.create(file, true)) {
      out.write(content);
      if (out.hasCapability("hsync")) {
        out.hsync();
      }
    }
    return file;
  }

  /** Hidden, and no key: {@code ~} never is part of one. */
  private static Path temporary(Path file) {
    return new Path(file.getParent(), "." + file.getName() + ".~" + UUID.randomUUID() + ".tmp");
  }
}
