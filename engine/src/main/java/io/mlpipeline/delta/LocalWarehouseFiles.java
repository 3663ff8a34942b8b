package io.mlpipeline.delta;

import io.mlpipeline.port.WarehouseFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
