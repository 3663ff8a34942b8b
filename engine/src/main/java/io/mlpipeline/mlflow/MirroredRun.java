package io.mlpipeline.mlflow;

import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One run of a pipeline as MLflow sees it: names and values are such that MLflow takes them.
 *
 * @param id the run's id, also its name there
 * @param status what became of it
 * @param started when
 * @param ended when
 * @param params every step's params as {@code step.param}
 * @param metrics every step's metrics as {@code step.metric}, those of reused steps too
 * @param tags what identifies the run, what became of each step, and where each output is
 */
record MirroredRun(
    String id,
    RunStatus status,
    Instant started,
    Instant ended,
    SortedMap<String, String> params,
    SortedMap<String, Double> metrics,
    SortedMap<String, String> tags) {

  /** The tag by which a run is found again. */
  static final String RUN = "mlpipeline.run";

  /** MLflow's own names for what lineage knows too. */
  private static final Map<String, String> FACTS =
      Map.of(
          "git-commit", "mlflow.source.git.commit",
          "user", "mlflow.user",
          "pipeline-file", "mlflow.source.name",
          "git-dirty", "mlpipeline.git-dirty",
          "engine", "mlpipeline.engine",
          "spark", "mlpipeline.spark");

  MirroredRun {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  static MirroredRun of(PipelineSpec spec, RunReport report, Map<String, String> facts) {
    SortedMap<String, String> params = new TreeMap<>();
    spec.steps().forEach(step -> addParams(params, step));
    SortedMap<String, Double> metrics = new TreeMap<>();
    report
        .steps()
        .forEach(step -> step.metrics().forEach((k, v) -> metrics.put(step.name() + "." + k, v)));
    Duration took = Duration.ofNanos((long) (report.seconds() * 1e9));
    return new MirroredRun(
        report.runId().value(),
        report.status(),
        report.started(),
        report.started().plus(took),
        cut(MlflowNames.safe(params), MlflowNames.LONGEST_PARAM),
        MlflowNames.safe(metrics),
        cut(MlflowNames.safe(tags(report, facts)), MlflowNames.LONGEST_TAG));
  }

  private static void addParams(SortedMap<String, String> params, StepSpec step) {
    params.put(step.name() + ".uses", step.uses());
    step.params()
        .values()
        .forEach(
            (key, value) ->
                params.put(
                    step.name() + "." + key,
                    value instanceof String text ? text : Params.text(value)));
  }

  private static SortedMap<String, String> tags(RunReport report, Map<String, String> facts) {
    SortedMap<String, String> tags = new TreeMap<>();
    FACTS.forEach(
        (fact, tag) -> {
          String value = facts.get(fact);
          if (value != null && !value.isEmpty()) {
            tags.put(tag, value);
          }
        });
    tags.put(RUN, report.runId().value());
    tags.put("mlpipeline.pipeline", report.pipeline());
    tags.put("mlpipeline.environment", report.environment());
    tags.put("mlpipeline.status", report.status().word());
    tags.put("mlpipeline.warehouse", report.warehouse());
    tags.put("mlpipeline.receipt", report.receipt());
    FailureRecord failure = report.failure();
    if (failure != null) {
      tags.put("mlpipeline.failure", failure.step() + ": " + failure.message());
    }
    report.steps().forEach(step -> addStep(tags, step, report.warehouse()));
    return tags;
  }

  private static void addStep(SortedMap<String, String> tags, StepReport step, String warehouse) {
    String reused = step.reusedFrom() == null ? "" : " from " + step.reusedFrom();
    tags.put("mlpipeline.step." + step.name(), step.status().word() + reused);
    for (OutputVersion output : step.outputs()) {
      boolean model = output.kind() == OutputKind.MODEL;
      String prefix = "mlpipeline." + (model ? "model." : "dataset.") + output.name();
      tags.put(prefix + ".digest", output.digest());
      tags.put(prefix + ".uri", uri(warehouse, output) + (model ? "" : "@v" + output.version()));
    }
  }

  private static String uri(String warehouse, OutputVersion output) {
    return warehouse + (warehouse.endsWith("/") ? "" : "/") + output.uri();
  }

  private static SortedMap<String, String> cut(Map<String, String> values, int longest) {
    SortedMap<String, String> cut = new TreeMap<>();
    values.forEach((name, value) -> cut.put(name, MlflowNames.cut(value, longest)));
    return cut;
  }
}
