package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/**
 * Lists input files on a local disk: a file, a directory with everything below it, or a glob. Links
 * are followed; nothing is opened, so that a pipe or a device cannot block it.
 */
final class LocalSources {

  private static final Set<String> FILE_ENDINGS =
      Set.of("csv", "tsv", "json", "jsonl", "ndjson", "parquet", "txt", "gz", "bz2", "zst");

  private LocalSources() {}

  /** The files sorted by name; empty if there are none. The location is an absolute path. */
  static List<SourceFile> list(String location) {
    Path path = Path.of(location);
    if (Files.exists(path)) {
      return Files.isDirectory(path) ? directory(path) : List.of(single(path));
    }
    if (SourceGlob.isGlob(location)) {
      return glob(location);
    }
    if (Files.isSymbolicLink(path)) {
      throw refused(path, "is a link that leads nowhere");
    }
    return List.of();
  }

  private static SourceFile single(Path path) {
    try {
      String name = String.valueOf(path.getFileName());
      if (SourceFile.isHidden(name)) {
        throw refused(path, "has a name that Spark ignores (it starts with _ or .): rename it");
      }
      return file(name, path, Files.readAttributes(path, BasicFileAttributes.class));
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static List<SourceFile> directory(Path root) {
    List<SourceFile> files = walk(root, new Visitor(root, p -> true, p -> true));
    String name = String.valueOf(root.getFileName()).toLowerCase(Locale.ROOT);
    if (files.isEmpty() && FILE_ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1))) {
      throw refused(root, "is a directory without a data file, though it is named like a file");
    }
    return files;
  }

  private static List<SourceFile> glob(String location) {
    SourceGlob glob;
    try {
      glob = SourceGlob.of(location);
    } catch (PatternSyntaxException e) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "'" + location + "' is no file, no directory, and no glob: " + e.getDescription(),
          e);
    }
    Path base = Path.of(glob.base());
    return Files.isDirectory(base)
        ? walk(base, new Visitor(base, glob::selects, glob::mayHold))
        : List.of();
  }

  private static List<SourceFile> walk(Path root, Visitor visitor) {
    try {
      Files.walkFileTree(
          root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
    } catch (IOException e) {
      throw failed(root, e);
    }
    visitor.files.sort(Comparator.comparing(SourceFile::name));
    return visitor.files;
  }

  private static SourceFile file(String name, Path path, BasicFileAttributes found) {
    if (found.isDirectory()) {
      throw refused(path, "became a directory while it was looked at");
    }
    if (found.isSymbolicLink()) {
      throw refused(path, "is a link that leads nowhere");
    }
    if (!found.isRegularFile()) {
      throw refused(path, "is no regular file but a pipe, a socket or a device");
    }
    return new SourceFile(
        name,
        "file:" + path,
        found.size(),
        found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        String.valueOf(found.fileKey()),
        null,
        path);
  }

  private static EngineException refused(Path path, String why) {
    return new EngineException(
        ErrorType.INPUT_MISSING, path + " cannot be an input: it " + why + ".");
  }

  /** What an error of the file system means. */
  static EngineException failed(Path path, IOException e) {
    if (e instanceof AccessDeniedException) {
      return new EngineException(
          ErrorType.ACCESS_DENIED, path + " may not be read by the user who runs this.", e);
    }
    if (e instanceof FileSystemLoopException) {
      return refused(path, "is a link to a directory above itself");
    }
    if (e instanceof NoSuchFileException) {
      return refused(path, "is a link that leads nowhere, or went away just now");
    }
    return new EngineException(
        ErrorType.STORAGE_UNAVAILABLE, path + " cannot be read: " + e.getMessage(), e);
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {

    private final List<SourceFile> files = new ArrayList<>();
    private final Path root;
    private final Predicate<Path> selects;
    private final Predicate<Path> mayHold;

    Visitor(Path root, Predicate<Path> selects, Predicate<Path> mayHold) {
      this.root = root;
      this.selects = selects;
      this.mayHold = mayHold;
    }

    private boolean isHidden(Path path) {
      return SourceFile.isHidden(String.valueOf(path.getFileName()));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes found) {
      boolean enter =
          directory.equals(root)
              || (!isHidden(directory) && mayHold.test(root.relativize(directory)));
      return enter ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes found) {
      Path relative = root.relativize(path);
      if (!isHidden(path) && selects.test(relative)) {
        files.add(file(relative.toString(), path, found));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) {
      Path relative = root.relativize(path);
      boolean matters =
          path.equals(root)
              || selects.test(relative)
              || (Files.isDirectory(path) && mayHold.test(relative));
      if (matters && !isHidden(path)) {
        throw failed(path, e);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
