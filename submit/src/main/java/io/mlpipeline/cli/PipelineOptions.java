package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.RunRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes that reads a pipeline. */
final class PipelineOptions {

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "The overlay conf/env/NAME.conf; default ${DEFAULT-VALUE}.",
      defaultValue = "local")
  String environment = "local";

  @Option(
      names = "--jars",
      paramLabel = "JAR",
      split = ",",
      description = "Jars with step classes, separated by commas.")
  List<String> jars = new ArrayList<>();

  @Option(
      names = "--verify",
      description = "Reads every byte of input files instead of trusting size and time.")
  boolean verify;

  @Option(names = "--step", paramLabel = "STEP", description = "This step alone.")
  @Nullable String only;

  @Option(
      names = "--from-step",
      paramLabel = "STEP",
      description = "This step and everything that depends on it.")
  @Nullable String from;

  @Option(
      names = "--to-step",
      paramLabel = "STEP",
      description = "This step and everything that it needs.")
  @Nullable String to;

  @Option(
      names = "--force",
      paramLabel = "STEP",
      arity = "0..1",
      fallbackValue = ALL,
      description = "Computes this step, or all without a name, whatever is known.")
  List<String> forced = new ArrayList<>();

  @Option(
      names = "--limit-partitions",
      paramLabel = "N",
      description = "Of the partitions that are due, makes the newest N of each step.")
  @Nullable Integer limitPartitions;

  private static final String ALL = "*";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  /** Reads the pipeline at a path, or of a name under {@code conf/pipelines}. */
  Planning open(String pipeline, CommonOptions common, Shell shell) {
    return Planning.open(planning(pipeline, common, shell));
  }

  /** What is said of the pipeline before anything is read. */
  PlanningOptions planning(String pipeline, CommonOptions common, Shell shell) {
    return new PlanningOptions(
        file(pipeline, shell.workingDirectory()),
        shell.workingDirectory(),
        environment,
        common.settings,
        common.warehouse,
        jars,
        shell.environment(),
        verify ? PlanningOptions.Verification.FULL : PlanningOptions.Verification.QUICK,
        InstantSource.system());
  }

  /** For a command that does not run a selection of steps. */
  void refuseSelection(String advice) {
    if (only != null || from != null || to != null || !forced.isEmpty()) {
      throw EngineException.misused("no steps are selected here", advice);
    }
  }

  RunRequest request() {
    Set<String> steps = new LinkedHashSet<>(forced);
    boolean all = steps.remove(ALL);
    return new RunRequest(only, from, to, steps, all, PartitionChoice.newest(limit()));
  }

  /** The newest so many partitions; 0 for all. */
  int limit() {
    Integer limit = limitPartitions;
    if (limit != null && limit < 1) {
      throw EngineException.misused(
          "--limit-partitions must be at least 1, not " + limit, "leave it out to make all");
    }
    return limit == null ? 0 : limit;
  }

  /** A file as it is typed; else {@code conf/pipelines/NAME.conf} where that is there. */
  static Path file(String pipeline, Path workingDirectory) {
    Path typed = Path.of(pipeline);
    if (Files.exists(workingDirectory.resolve(typed))) {
      return typed;
    }
    Path named = Path.of("conf", "pipelines", pipeline + ".conf");
    if (Files.exists(workingDirectory.resolve(named))) {
      return named;
    }
    if (NAME.matcher(pipeline).matches()) {
      throw EngineException.misused(
          "there is no pipeline " + pipeline + ": neither a file of that name nor " + named,
          "go where conf is, or name the file");
    }
    return typed;
  }
}
