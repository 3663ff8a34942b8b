package io.mlpipeline;

import io.mlpipeline.config.SchemaFolder;
import io.mlpipeline.config.SchemaLoader;
import io.mlpipeline.config.SchemaLock;
import io.mlpipeline.config.WrittenSchema;
import io.mlpipeline.model.Compatibility;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.plan.Agreements;
import io.mlpipeline.plan.SchemaChanges;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The contracts of a conf root: what they are, whether each version keeps its word about the one
 * before it, whether published ones have changed, and whether pipelines agree. Needs no Spark.
 */
public final class SchemaRegistry {

  private final SchemaFolder folder;

  private SchemaRegistry(SchemaFolder folder) {
    this.folder = folder;
  }

  /**
   * What is wrong, and what might be better.
   *
   * @param problems what must be put right
   * @param hints what need not
   */
  public record Findings(List<Problem> problems, List<Problem> hints) {

    public Findings {
      problems = List.copyOf(problems);
      hints = List.copyOf(hints);
    }
  }

  /** Reads the contracts of the conf root that a person in this directory means. */
  public static SchemaRegistry open(Path workingDirectory) {
    return open(SchemaFolder.findRoot(workingDirectory), workingDirectory);
  }

  /** Reads the contracts of the conf root that a pipeline file belongs to. */
  public static SchemaRegistry of(Path pipelineFile, Path workingDirectory) {
    return open(SchemaFolder.rootOf(pipelineFile), workingDirectory);
  }

  /** Reads the contracts of a conf root. */
  public static SchemaRegistry open(Path confRoot, Path workingDirectory) {
    return new SchemaRegistry(SchemaFolder.load(confRoot, workingDirectory));
  }

  public Path confRoot() {
    return folder.confRoot();
  }

  /** The pipeline files of the conf root. */
  public List<Path> pipelines() {
    return SchemaFolder.pipelines(folder.confRoot());
  }

  /** Every contract that can be read, by name and version. */
  public List<SchemaSpec> schemas() {
    return folder.schemas().stream().map(WrittenSchema::spec).toList();
  }

  /** What is wrong with the files themselves. */
  public List<Problem> problems() {
    return folder.problems();
  }

  /** Whether a contract is published. */
  public boolean isLocked(SchemaSpec schema) {
    return folder.lock().holds(schema);
  }

  /** Everything about all contracts. */
  public Findings check() {
    Findings findings = checkWritten(folder.schemas());
    List<Problem> problems = new ArrayList<>(folder.problems());
    problems.addAll(findings.problems());
    return new Findings(problems, findings.hints());
  }

  /** The contracts that pipelines name. */
  public Findings check(List<PipelineSpec> pipelines) {
    Set<String> used = names(pipelines);
    return checkWritten(
        folder.schemas().stream().filter(s -> used.contains(s.spec().name())).toList());
  }

  private static Set<String> names(List<PipelineSpec> pipelines) {
    Set<String> names = new TreeSet<>();
    for (PipelineSpec pipeline : pipelines) {
      pipeline.inputs().forEach(input -> add(names, Optional.ofNullable(input.schema())));
      pipeline.steps().stream()
          .flatMap(step -> step.outputs().stream())
          .forEach(output -> add(names, Optional.ofNullable(output.schema())));
    }
    return names;
  }

  private static void add(Set<String> names, Optional<SchemaSpec> schema) {
    schema.ifPresent(s -> names.add(s.name()));
  }

  /** Places that pipelines of one warehouse share and do not agree about. */
  public static List<Problem> disagreements(List<PipelineSpec> pipelines, Warehouse warehouse) {
    return Agreements.problems(pipelines, warehouse.uri());
  }

  private Findings checkWritten(List<WrittenSchema> schemas) {
    List<Problem> problems = new ArrayList<>();
    List<Problem> hints = new ArrayList<>();
    for (WrittenSchema schema : schemas) {
      before(schema).ifPresent(older -> compare(schema, older.spec(), problems, hints));
      problems.addAll(folder.lock().changed(schema));
      if (folder.lock().isThere() && !folder.lock().holds(schema.spec())) {
        problems.add(
            new Problem(
                schema.top(),
                schema.spec().name() + " is not in the lock",
                "run `mlpipeline schemas lock` and commit the file"));
      }
    }
    return new Findings(problems, hints);
  }

  /** The newest version that is older. */
  private Optional<WrittenSchema> before(WrittenSchema schema) {
    String name = schema.spec().name();
    return folder.schemas().stream()
        .filter(s -> SchemaLoader.baseOf(s.spec().name()).equals(SchemaLoader.baseOf(name)))
        .filter(
            s ->
                SchemaLoader.versionOf(s.spec().name()).compareTo(SchemaLoader.versionOf(name)) < 0)
        .reduce((first, second) -> second);
  }

  private static void compare(
      WrittenSchema schema, SchemaSpec older, List<Problem> problems, List<Problem> hints) {
    List<SchemaChanges.Change> changes = SchemaChanges.breaking(schema.spec(), older);
    switch (schema.spec().compatible()) {
      case BACKWARD ->
          changes.forEach(
              change ->
                  problems.add(
                      new Problem(
                          change
                              .column()
                              .map(schema::column)
                              .orElseGet(() -> schema.member("keys")),
                          schema.spec().name()
                              + " says it is backward compatible, but whoever reads "
                              + older.name()
                              + " cannot read it: "
                              + change.message(),
                          "undo it, or say compatible: breaking")));
      case BREAKING -> {
        if (changes.isEmpty()) {
          hints.add(
              new Problem(
                  schema.member("compatible"),
                  schema.spec().name()
                      + " says it breaks readers of "
                      + older.name()
                      + ", and breaks none",
                  "say compatible: backward"));
        }
      }
      case UNSTATED -> problems.add(unstated(schema, older, changes));
    }
  }

  private static Problem unstated(
      WrittenSchema schema, SchemaSpec older, List<SchemaChanges.Change> changes) {
    String word =
        (changes.isEmpty() ? Compatibility.BACKWARD : Compatibility.BREAKING)
            .name()
            .toLowerCase(Locale.ROOT);
    String why =
        changes.isEmpty()
            ? "write compatible: " + word
            : "write compatible: " + word + " (" + changes.get(0).message() + ")";
    return new Problem(
        schema.top(),
        schema.spec().name() + " does not say whether readers of " + older.name() + " can read it",
        why);
  }

  /**
   * Adds every contract that is not in the lock yet.
   *
   * @return the names that were added
   * @throws io.mlpipeline.model.InvalidConfigException if something is wrong with a contract, or a
   *     published one has changed; nothing is written then
   */
  public List<String> lock() {
    List<Problem> problems = new ArrayList<>(folder.problems());
    folder.schemas().forEach(schema -> problems.addAll(folder.lock().changed(schema)));
    if (!problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
    List<SchemaSpec> added = schemas().stream().filter(s -> !isLocked(s)).toList();
    if (!added.isEmpty()) {
      write(SchemaLock.file(folder.confRoot()), folder.lock().with(schemas()));
    }
    return added.stream().map(SchemaSpec::name).toList();
  }

  private static void write(Path file, String text) {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(beside, text);
      try {
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID, file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Writes a contract to a new file of the conf root.
   *
   * @throws EngineException CONFIG_INVALID if there is one of that name
   */
  public Path add(String name, String text) {
    Path file = folder.confRoot().resolve("schemas").resolve(name + ".conf");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
      return file;
    } catch (FileAlreadyExistsException e) {
      throw EngineException.misused(
          file + " exists, and is never overwritten", "choose another --name, or delete it first");
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID, file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
