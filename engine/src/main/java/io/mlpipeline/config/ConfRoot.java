package io.mlpipeline.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The directory that holds everything a pipeline may include or name. */
final class ConfRoot {

  private static final String ENDING = ".conf";

  private ConfRoot() {}

  /**
   * The nearest directory above the file that holds {@code schemas}, {@code env} or {@code
   * pipelines}; else the file's own.
   */
  static Path of(Path file) {
    Path own = file.getParent();
    if (own == null) {
      return file;
    }
    for (Path directory = own; directory != null; directory = directory.getParent()) {
      if (Files.isDirectory(directory.resolve("schemas"))
          || Files.isDirectory(directory.resolve("env"))
          || Files.isDirectory(directory.resolve("pipelines"))) {
        return directory;
      }
    }
    return own;
  }

  /** The names of the {@code .conf} files of a directory, sorted; empty if there is none. */
  static List<String> names(Path directory) {
    String[] children = directory.toFile().list();
    if (children == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String child : children) {
      if (child.endsWith(ENDING)) {
        names.add(child.substring(0, child.length() - ENDING.length()));
      }
    }
    Collections.sort(names);
    return names;
  }
}
