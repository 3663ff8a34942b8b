package io.mlpipeline.delta;

import io.mlpipeline.port.WarehouseFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link WarehouseFiles} on a local disk; loads nothing but the JDK, and follows no link. */
public final class LocalWarehouseFiles implements WarehouseFiles {

  private final Path warehouse;

  public LocalWarehouseFiles(Path warehouse) {
    this.warehouse = warehouse.toAbsolutePath().normalize();
  }

  @Override
  public List<Found> list() {
    List<Found> found = new ArrayList<>();
    try {
      Files.walkFileTree(warehouse, new Collector(found));
    } catch (IOException e) {
      throw StorageFailures.of("cannot list " + warehouse, e);
    }
    found.sort(Comparator.comparing(Found::path));
    return found;
  }

  @Override
  public void delete(String path) {
    Path file = warehouse.resolve(path).normalize();
    Path name = file.getFileName();
    if (!file.startsWith(warehouse) || name == null) {
      throw new IllegalArgumentException(path + " is not below the warehouse");
    }
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.resolveSibling("." + name + ".crc"));
    } catch (IOException e) {
      throw StorageFailures.of("cannot delete " + file, e);
    }
  }

  @Override
  public void removeEmpty(String below, Instant since) {
    Path top = warehouse.resolve(below).normalize();
    if (!top.startsWith(warehouse)) {
      throw new IllegalArgumentException(below + " is not below the warehouse");
    }
    try {
      Files.walkFileTree(top, new Tidier(top, since));
    } catch (IOException e) {
      throw StorageFailures.of("cannot tidy up " + top, e);
    }
  }

  /** A directory that somebody writes into, or just did, is young or not empty. */
  private static final class Tidier extends SimpleFileVisitor<Path> {
    private final Path top;
    private final Instant since;
    private final Map<Path, Instant> modified = new HashMap<>();

    Tidier(Path top, Instant since) {
      this.top = top;
      this.since = since;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      modified.put(directory, attributes.lastModifiedTime().toInstant());
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
        throws IOException {
      Instant then = modified.remove(directory);
      if (then != null && then.isBefore(since) && !directory.equals(top)) {
        try {
          Files.delete(directory);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
          return FileVisitResult.CONTINUE;
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
      if (error instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw error;
    }
  }

  private final class Collector extends SimpleFileVisitor<Path> {
    private final List<Found> found;

    Collector(List<Found> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        String path = warehouse.relativize(file).toString().replace('\\', '/');
        found.add(new Found(path, attributes.size(), attributes.lastModifiedTime().toInstant()));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
      if (error instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw error;
    }
  }
}
