package io.mlpipeline.delta;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether data files are where the log says, with the size that it says. */
final class FilePresence {

  /** The size of a file that is not local; empty if it is not there. */
  interface RemoteSize {
    OptionalLong of(String location);
  }

  private final RemoteSize remote;

  FilePresence(RemoteSize remote) {
    this.remote = remote;
  }

  /** What is wrong with the first file that is not as it should be; empty if all are. */
  Optional<String> findProblem(String root, List<DataFile> files) {
    for (DataFile file : files) {
      String location = LogPaths.locate(root, file.path());
      OptionalLong size = Locations.isLocal(location) ? local(location) : remote.of(location);
      if (size.isEmpty()) {
        return Optional.of(location + " is gone");
      }
      if (size.getAsLong() != file.size()) {
        return Optional.of(
            location + " has " + size.getAsLong() + " bytes instead of " + file.size());
      }
    }
    return Optional.empty();
  }

  /** Throws {@code INPUT_GONE} if a file is not as it should be. */
  void require(String root, List<DataFile> files) {
    findProblem(root, files)
        .ifPresent(
            problem -> {
              throw new EngineException(
                  ErrorType.INPUT_GONE, "nothing was committed to table " + root + ": " + problem);
            });
  }

  private static OptionalLong local(String location) {
    Path path = Locations.localPath(location);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw StorageFailures.of("cannot look at " + path, e);
    }
  }
}
