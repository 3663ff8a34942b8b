package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.registry.ModelCard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration files of a version's card, beside those of now.
 *
 * @param texts the files as they were read, text by path
 * @param differs {@code changed} or {@code gone}, by path, of those that are not the same here
 */
record ConfigThen(SortedMap<String, String> texts, SortedMap<String, String> differs) {

  /** Compares them with the files below the working directory. */
  static ConfigThen of(ModelCard card, Path workingDirectory) {
    SortedMap<String, String> differs = new TreeMap<>();
    card.config()
        .forEach(
            (path, text) -> {
              Path now = workingDirectory.resolve(path);
              if (!Files.isRegularFile(now)) {
                differs.put(path, "gone");
              } else if (!text.equals(read(now))) {
                differs.put(path, "changed");
              }
            });
    return new ConfigThen(card.config(), differs);
  }

  /**
   * Writes them below a directory, which then holds them at the same relative paths.
   *
   * @throws EngineException if a file of another content is there: nothing was written
   */
  void writeTo(Path directory) {
    SortedMap<Path, String> files = new TreeMap<>();
    texts.forEach((path, text) -> files.put(below(directory, path), text));
    files.forEach(
        (file, text) -> {
          if (Files.exists(file) && !text.equals(read(file))) {
            throw EngineException.misused(
                file + " is there and differs from the file of then",
                "name a directory that is empty or not there: --config-to DIR");
          }
        });
    files.forEach(ConfigThen::write);
  }

  /** Where the file goes; a path from elsewhere stays below the directory. */
  private static Path below(Path directory, String path) {
    Path result = directory;
    for (String part : path.replace('\\', '/').split("/")) {
      if (!part.isEmpty() && !part.equals(".")) {
        result = result.resolve(part.equals("..") ? "_up" : part.replace(":", "_"));
      }
    }
    return result;
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.ACCESS_DENIED, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.ACCESS_DENIED, "cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
