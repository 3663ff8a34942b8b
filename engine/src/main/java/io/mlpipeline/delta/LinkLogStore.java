package io.mlpipeline.delta;

import io.delta.storage.CloseableIterator;
import io.delta.storage.LogStore;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Delta's log on local files, exact between processes: a commit is a hard link to a synced
 * temporary file, and a link refuses a name that is taken.
 *
 * <p>Set it for Delta Kernel with {@code io.delta.kernel.logStore.file.impl} and for delta-spark
 * with {@code spark.delta.logStore.file.impl}. Where the file system has no hard links every write
 * fails, and says so. Safe for any number of threads.
 */
public final class LinkLogStore extends LogStore {

  private static final long BLOCK_SIZE = 32L << 20;

  /** Called by reflection. */
  public LinkLogStore(Configuration conf) {
    super(conf);
  }

  @Override
  public CloseableIterator<String> read(Path path, Configuration conf) throws IOException {
    try {
      return new Lines(Files.newBufferedReader(local(path), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration conf)
      throws IOException {
    java.nio.file.Path target = local(path);
    try {
      if (overwrite) {
        // A checksum that Hadoop keeps for the old bytes would make the new ones unreadable.
        Files.deleteIfExists(target.resolveSibling("." + target.getFileName() + ".crc"));
        LinkedFiles.replace(target, out -> writeLines(actions, out));
      } else if (Files.exists(target)
          || !LinkedFiles.create(target, out -> writeLines(actions, out))) {
        throw new FileAlreadyExistsException(path.toString());
      }
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
  }

  private static void writeLines(Iterator<String> actions, OutputStream out) throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
    while (actions.hasNext()) {
      buffered.write(actions.next().getBytes(StandardCharsets.UTF_8));
      buffered.write('\n');
    }
    buffered.flush();
  }

  @Override
  public Iterator<FileStatus> listFrom(Path path, Configuration conf) throws IOException {
    // Only the directory is a path: VACUUM asks for what follows a name of one NUL character.
    Path parent = path.getParent();
    java.nio.file.Path directory = local(parent);
    String first = path.getName();
    List<FileStatus> found = new ArrayList<>();
    try (Stream<java.nio.file.Path> children = Files.list(directory)) {
      for (java.nio.file.Path child : (Iterable<java.nio.file.Path>) children::iterator) {
        if (child.getFileName().toString().compareTo(first) >= 0) {
          addStatus(new Path(parent, child.getFileName().toString()), child, found);
        }
      }
    } catch (NoSuchFileException e) {
      throw notFound(parent, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    found.sort(Comparator.comparing(status -> status.getPath().getName()));
    return found.iterator();
  }

  private static void addStatus(Path path, java.nio.file.Path file, List<FileStatus> found)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return; // a temporary file that its writer has just removed
    }
    found.add(
        new FileStatus(
            attributes.size(),
            attributes.isDirectory(),
            1,
            BLOCK_SIZE,
            attributes.lastModifiedTime().toMillis(),
            path));
  }

  @Override
  public Path resolvePathOnPhysicalStorage(Path path, Configuration conf) {
    return new Path(Locations.absolute(path.toString()));
  }

  /**
   * True: what goes through {@link #write} is never seen in part, but a checkpoint is written
   * through the file system, and this tells its writer to use a temporary name and a rename.
   */
  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration conf) {
    return true;
  }

  private static java.nio.file.Path local(Path path) {
    return Locations.localPath(path.toUri().getPath());
  }

  private static FileNotFoundException notFound(@Nullable Path path, IOException cause) {
    FileNotFoundException e = new FileNotFoundException("No such file or directory: " + path);
    e.initCause(cause);
    return e;
  }

  private static final class Lines implements CloseableIterator<String> {
    private final BufferedReader reader;
    private @Nullable String next;

    Lines(BufferedReader reader) throws IOException {
      this.reader = reader;
      this.next = reader.readLine();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public String next() {
      String line = next;
      if (line == null) {
        throw new NoSuchElementException();
      }
      try {
        next = reader.readLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return line;
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
