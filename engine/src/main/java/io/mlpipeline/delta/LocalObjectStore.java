package io.mlpipeline.delta;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.port.ObjectStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Objects as files below a local directory, which is made when it is first needed.
 *
 * <p>Put-if-absent is exact between processes, because it is a hard link; on a file system without
 * them it throws {@code ENVIRONMENT_INVALID}. What was put is synced to disk before the call
 * returns. No class of Hadoop is loaded. Safe for any number of threads.
 */
public final class LocalObjectStore implements ObjectStore {

  private final Path root;

  public LocalObjectStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    Path file = file(key);
    try {
      return LinkedFiles.create(withParent(file), out -> out.write(content));
    } catch (IOException e) {
      throw StorageFailures.of("cannot write " + file, e);
    }
  }

  @Override
  public void replace(String key, byte[] content) {
    Path file = file(key);
    try {
      LinkedFiles.replace(withParent(file), out -> out.write(content));
    } catch (IOException e) {
      throw StorageFailures.of("cannot replace " + file, e);
    }
  }

  @Override
  public Optional<byte[]> find(String key) {
    Path file = file(key);
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (isNoObject(file)) {
        return Optional.empty();
      }
      throw StorageFailures.of("cannot read " + file, e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    Path directory = root.resolve(ObjectKeys.checkPrefix(prefix));
    List<String> keys = new ArrayList<>();
    try {
      Files.walkFileTree(directory, new KeyCollector(keys));
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
      if (!Files.isDirectory(file)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      if (!isNoObject(file)) {
        throw StorageFailures.of("cannot delete " + file, e);
      }
    }
  }

  private Path file(String key) {
    return root.resolve(ObjectKeys.check(key));
  }

  private static Path withParent(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent == null || Files.isDirectory(parent)) {
      return file;
    }
    try {
      Files.createDirectories(parent);
    } catch (FileSystemException e) {
      Path obstacle = parent;
      while (obstacle != null && !Files.exists(obstacle)) {
        obstacle = obstacle.getParent();
      }
      if (obstacle == null || Files.isDirectory(obstacle)) {
        throw e;
      }
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID,
          "cannot write " + file + ": " + obstacle + " is a file where a directory must be",
          e);
    }
    return file;
  }

  /** A directory has that name, or a part of the key is a file: either way there is no object. */
  private boolean isNoObject(Path file) {
    if (Files.isDirectory(file)) {
      return true;
    }
    Path parent = file.getParent();
    while (parent != null && parent.startsWith(root)) {
      if (Files.isRegularFile(parent)) {
        return true;
      }
      parent = parent.getParent();
    }
    return false;
  }

  /** Objects may come and go while we look. */
  private final class KeyCollector extends SimpleFileVisitor<Path> {
    private final List<String> keys;

    KeyCollector(List<String> keys) {
      this.keys = keys;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Path name = file.getFileName();
      if (name != null && attributes.isRegularFile() && ObjectKeys.isSegment(name.toString())) {
        keys.add(root.relativize(file).toString().replace('\\', '/'));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
      if (error instanceof NoSuchFileException || error instanceof NotDirectoryException) {
        return FileVisitResult.CONTINUE;
      }
      throw error;
    }
  }
}
