package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;

/** Lists input files on any file system that Hadoop knows. */
final class HadoopSources {

  private HadoopSources() {}

  /** The files sorted by name; empty if there are none. */
  static List<SourceFile> list(String location, Configuration conf) {
    Path path = new Path(location);
    try {
      FileSystem system = path.getFileSystem(conf);
      List<SourceFile> files = new ArrayList<>();
      FileStatus exact = find(system, path);
      if (exact != null) {
        Path base = exact.isDirectory() ? exact.getPath() : parent(exact.getPath());
        collect(system, exact, base, files);
      } else if (SourceGlob.isGlob(location)) {
        Path base = system.makeQualified(new Path(SourceGlob.base(location)));
        FileStatus[] matches = system.globStatus(path);
        for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
          collect(system, match, base, files);
        }
      }
      files.sort(Comparator.comparing(SourceFile::name));
      return files;
    } catch (IOException e) {
      throw failed(location, e);
    }
  }

  static InputStream open(String path, Configuration conf) throws IOException {
    Path file = new Path(path);
    return file.getFileSystem(conf).open(file);
  }

  private static @Nullable FileStatus find(FileSystem system, Path path) throws IOException {
    try {
      return system.getFileStatus(path);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private static void collect(FileSystem system, FileStatus top, Path base, List<SourceFile> into)
      throws IOException {
    if (!top.isDirectory()) {
      add(top, base, into);
      return;
    }
    RemoteIterator<LocatedFileStatus> below = system.listFiles(top.getPath(), true);
    while (below.hasNext()) {
      add(below.next(), base, into);
    }
  }

  private static void add(FileStatus file, Path base, List<SourceFile> into) {
    String name = base.toUri().relativize(file.getPath().toUri()).getPath();
    for (String part : name.split("/")) {
      if (SourceFile.isHidden(part)) {
        return;
      }
    }
    into.add(
        new SourceFile(
            name,
            file.getPath().toString(),
            file.getLen(),
            file.getModificationTime() * 1_000_000L,
            "",
            etag(file),
            null));
  }

  private static @Nullable String etag(FileStatus file) {
    String tag = file instanceof EtagSource source ? source.getEtag() : null;
    return tag == null || tag.isBlank() ? null : tag.replace("\"", "");
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  static EngineException failed(String location, IOException e) {
    if (e instanceof AccessControlException || e instanceof AccessDeniedException) {
      return new EngineException(
          ErrorType.ACCESS_DENIED, location + " may not be read by the user who runs this.", e);
    }
    ErrorType type =
        e instanceof UnsupportedFileSystemException
            ? ErrorType.ENVIRONMENT_INVALID
            : ErrorType.STORAGE_UNAVAILABLE;
    return new EngineException(type, location + " cannot be read: " + e.getMessage(), e);
  }
}
