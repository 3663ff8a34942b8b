package io.mlpipeline.delta;

import io.mlpipeline.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** {@link FilesPresent} for a warehouse on a local disk; loads nothing but the JDK. */
public final class LocalFilesPresent implements FilesPresent {

  private final Path warehouse;

  public LocalFilesPresent(Path warehouse) {
    this.warehouse = warehouse.toAbsolutePath().normalize();
  }

  @Override
  public boolean present(String uri, List<ModelFile> files) {
    try {
      Path directory = warehouse.resolve(uri).normalize();
      return directory.startsWith(warehouse)
          && files.stream().allMatch(file -> isPresent(directory, file));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  @Override
  public InputStream open(String uri, ModelFile file) throws IOException {
    return Files.newInputStream(warehouse.resolve(uri).resolve(file.path()));
  }

  private static boolean isPresent(Path directory, ModelFile file) {
    Path path = directory.resolve(file.path()).normalize();
    if (!path.startsWith(directory)) {
      return false;
    }
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      return found.isRegularFile() && found.size() == file.size();
    } catch (IOException e) {
      return false;
    }
  }
}
