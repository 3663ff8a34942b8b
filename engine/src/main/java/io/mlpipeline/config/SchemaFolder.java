package io.mlpipeline.config;

import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SourceLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All contracts of a conf root and their lock.
 *
 * @param confRoot the conf root
 * @param schemas every contract that could be read, by name and version
 * @param lock the published ones
 * @param problems what is wrong with the others, and with the lock
 */
public record SchemaFolder(
    Path confRoot, List<WrittenSchema> schemas, SchemaLock lock, List<Problem> problems) {

  public SchemaFolder {
    schemas = List.copyOf(schemas);
    problems = List.copyOf(problems);
  }

  /** Reads all of them; never throws for what a user wrote. */
  public static SchemaFolder load(Path confRoot, Path workingDirectory) {
    Problems problems = new Problems();
    TextFiles texts = new TextFiles(workingDirectory, problems);
    Path root = texts.absolute(confRoot);
    List<WrittenSchema> schemas = new ArrayList<>();
    for (String name : SchemaLoader.names(root)) {
      // One loader each: it reads a hundred files at most.
      WrittenSchema written =
          new SchemaLoader(root, texts, problems).written(name, place(root, texts, name));
      if (written != null) {
        schemas.add(written);
      }
    }
    schemas.sort(
        Comparator.comparing((WrittenSchema s) -> SchemaLoader.baseOf(s.spec().name()))
            .thenComparing(s -> SchemaLoader.versionOf(s.spec().name()))
            .thenComparing(s -> s.spec().name()));
    return new SchemaFolder(
        root, schemas, SchemaLock.load(root, texts, problems), problems.sorted());
  }

  private static SourceLocation place(Path root, TextFiles texts, String name) {
    return new SourceLocation(
        texts.show(root.resolve(SchemaLoader.FOLDER).resolve(name + ".conf")), 0);
  }

  /**
   * The conf root that a person who stands in a directory means: {@code conf} below it, or the
   * nearest one that it lies in.
   */
  public static Path findRoot(Path workingDirectory) {
    Path below = workingDirectory.resolve("conf");
    return Files.isDirectory(below) ? below : ConfRoot.of(workingDirectory.resolve("any.conf"));
  }

  /** The conf root of a pipeline file. */
  public static Path rootOf(Path pipelineFile) {
    return ConfRoot.of(pipelineFile.toAbsolutePath().normalize());
  }

  /** The pipeline files of a conf root, sorted by name. */
  public static List<Path> pipelines(Path confRoot) {
    Path folder = confRoot.resolve("pipelines");
    return ConfRoot.names(folder).stream().map(name -> folder.resolve(name + ".conf")).toList();
  }
}
