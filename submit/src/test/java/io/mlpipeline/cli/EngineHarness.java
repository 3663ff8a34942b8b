package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.plan.RunPlan;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pipeline, a warehouse and what is set, run by the real engine within the session of the tests.
 *
 * @param pipeline the pipeline file
 * @param warehouse where it publishes
 * @param settings as of {@code --set}
 */
record EngineHarness(Path pipeline, Path warehouse, Map<String, String> settings) {

  /** The repository's conf folder, wherever the tests are started. */
  static final Path CONF = conf();

  static EngineHarness of(Path pipeline, Path warehouse) {
    return new EngineHarness(pipeline, warehouse, Map.of());
  }

  EngineHarness with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new EngineHarness(pipeline, warehouse, more);
  }

  Planning open() {
    return Planning.open(
        new PlanningOptions(
            pipeline,
            pipeline.toAbsolutePath().getParent(),
            "local",
            settings,
            warehouse.toString(),
            List.of(),
            Map.of(),
            PlanningOptions.Verification.QUICK,
            InstantSource.system()));
  }

  RunPlan plan() {
    return open().plan(RunRequest.ALL).plan();
  }

  RunReport run() {
    return run(RunRequest.ALL);
  }

  RunReport run(RunRequest request) {
    return run(request, new RunListener() {});
  }

  RunReport run(RunRequest request, RunListener listener) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      RunOptions options = new RunOptions(2, RunOptions.OnFailure.STOP);
      return engine.run(open(), request, options, listener);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The run if there is nothing to compute, judge or restore; it could not ask for Spark. */
  Optional<RunReport> runWithoutSpark() {
    try {
      return open().runIfNothingToDo(RunRequest.ALL, new RunListener() {});
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static RunRequest forcing(String... steps) {
    return new RunRequest(null, null, null, Set.of(steps), false);
  }

  /** What a command prints to standard output; its exit code comes first, on a line of its own. */
  String command(String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--warehouse", warehouse.toString()));
    Ran ran = Ran.in(warehouse, all.toArray(String[]::new));
    return ran.code() + "\n" + ran.out() + ran.err();
  }

  /** Step by step: the decision and what became of it, such as {@code execute succeeded}. */
  static SortedMap<String, String> outcomes(RunReport report) {
    SortedMap<String, String> outcomes = new TreeMap<>();
    for (StepReport step : report.steps()) {
      outcomes.put(step.name(), step.decision() + " " + step.status().word());
    }
    return outcomes;
  }

  /** Identity by dataset and model. */
  static SortedMap<String, String> identities(RunReport report) {
    SortedMap<String, String> identities = new TreeMap<>();
    outputs(report).forEach((name, output) -> identities.put(name, output.identity()));
    return identities;
  }

  static SortedMap<String, Long> versions(RunReport report) {
    SortedMap<String, Long> versions = new TreeMap<>();
    outputs(report).forEach((name, output) -> versions.put(name, output.version()));
    return versions;
  }

  static SortedMap<String, OutputVersion> outputs(RunReport report) {
    SortedMap<String, OutputVersion> outputs = new TreeMap<>();
    report.steps().forEach(s -> s.outputs().forEach(o -> outputs.put(o.name(), o)));
    return outputs;
  }

  static StepReport step(RunReport report, String name) {
    return report.steps().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  /** Replaces a text that must be there. */
  static void edit(Path file, String text, String by) {
    try {
      String before = Files.readString(file);
      if (!before.contains(text)) {
        throw new IllegalArgumentException(file + " does not hold: " + text);
      }
      Files.writeString(file, before.replace(text, by));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path conf() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("conf/pipelines"))) {
      at = at.getParent();
    }
    return at.resolve("conf");
  }
}
