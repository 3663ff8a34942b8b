package io.mlpipeline.mlflow;

import io.mlpipeline.model.MlflowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;

/**
 * Puts a run on a server, in as few calls as MLflow's limits allow. Credentials are what MLflow's
 * client finds in its own environment variables or, for Databricks, in its own file.
 *
 * <p>A run is found by its id first: one that is there whole is left alone, one that was cut off is
 * completed, and what it has already is sent again with equal values, which changes nothing.
 */
final class TrackingServer implements AutoCloseable {

  /** MLflow's limits for one call. */
  private static final int MOST_PARAMS = 100;

  private static final int MOST_METRICS = 1000;

  private final MlflowClient client;
  private final MlflowSpec spec;

  TrackingServer(MlflowSpec spec) {
    this.spec = spec;
    this.client = new MlflowClient(spec.trackingUri().replaceFirst("/+$", ""));
  }

  /** Returns MLflow's id of the run. */
  String put(MirroredRun run) {
    String experiment = experiment();
    Optional<RunInfo> there = find(experiment, run);
    if (there.isPresent() && there.get().getStatus() != RunStatus.RUNNING) {
      return there.get().getRunId();
    }
    String id = there.map(RunInfo::getRunId).orElseGet(() -> create(experiment, run));
    params(id, run);
    tags(id, run);
    metrics(id, run);
    client.setTerminated(id, status(run.status()), run.ended().toEpochMilli());
    return id;
  }

  private String experiment() {
    Optional<Experiment> known = client.getExperimentByName(spec.experiment());
    if (known.isEmpty()) {
      try {
        return client.createExperiment(spec.experiment());
      } catch (MlflowClientException e) { // somebody else was faster
        known = client.getExperimentByName(spec.experiment());
        if (known.isEmpty()) {
          throw e;
        }
      }
    }
    if (known.get().getLifecycleStage().equals("deleted")) {
      throw new MlflowClientException(
          "its experiment " + spec.experiment() + " was deleted; restore it or name another");
    }
    return known.get().getExperimentId();
  }

  private Optional<RunInfo> find(String experiment, MirroredRun run) {
    String filter = "tags.`" + MirroredRun.RUN + "` = '" + run.id() + "'";
    return client
        .searchRuns(List.of(experiment), filter, ViewType.ACTIVE_ONLY, 1)
        .getItems()
        .stream()
        .findFirst()
        .map(Run::getInfo);
  }

  private String create(String experiment, MirroredRun run) {
    CreateRun.Builder request =
        CreateRun.newBuilder()
            .setExperimentId(experiment)
            .setRunName(run.id())
            .setStartTime(run.started().toEpochMilli())
            .addTags(tag(MirroredRun.RUN, run.id()))
            .addTags(tag("mlflow.runName", run.id())) // older servers do not know the field
            .addTags(tag("mlflow.source.type", "JOB"));
    return client.createRun(request.build()).getRunId();
  }

  private void params(String id, MirroredRun run) {
    List<Param> params = new ArrayList<>();
    run.params().forEach((k, v) -> params.add(Param.newBuilder().setKey(k).setValue(v).build()));
    for (List<Param> some : parts(params, MOST_PARAMS)) {
      client.logBatch(id, List.of(), some, List.of());
    }
  }

  private void tags(String id, MirroredRun run) {
    List<RunTag> tags = new ArrayList<>();
    run.tags().forEach((key, value) -> tags.add(tag(key, value)));
    for (List<RunTag> some : parts(tags, MOST_PARAMS)) {
      client.logBatch(id, List.of(), List.of(), some);
    }
  }

  /** At the run's own end, so that sending a metric again is no second point of it. */
  private void metrics(String id, MirroredRun run) {
    List<Metric> metrics = new ArrayList<>();
    for (Map.Entry<String, Double> metric : run.metrics().entrySet()) {
      metrics.add(
          Metric.newBuilder()
              .setKey(metric.getKey())
              .setValue(metric.getValue())
              .setTimestamp(run.ended().toEpochMilli())
              .setStep(0)
              .build());
    }
    for (List<Metric> some : parts(metrics, MOST_METRICS)) {
      client.logBatch(id, some, List.of(), List.of());
    }
  }

  private static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }

  private static <T> List<List<T>> parts(List<T> all, int most) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += most) {
      parts.add(all.subList(from, Math.min(all.size(), from + most)));
    }
    return parts;
  }

  private static RunStatus status(io.mlpipeline.model.RunStatus status) {
    return switch (status) {
      case SUCCEEDED, WAITING -> RunStatus.FINISHED;
      case FAILED, REJECTED -> RunStatus.FAILED;
      case CANCELLED, LOST -> RunStatus.KILLED;
    };
  }

  /** Ends the connection, in the middle of a call too. */
  @Override
  public void close() {
    client.close();
  }
}
