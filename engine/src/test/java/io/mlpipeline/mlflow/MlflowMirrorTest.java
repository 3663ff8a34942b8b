package io.mlpipeline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.MlflowSpec;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MlflowMirrorTest {

  private static final SourceLocation AT = new SourceLocation("p.conf", 1);
  private static final Instant START = Instant.parse("2026-03-01T02:00:00Z");
  private static final Map<String, String> FACTS =
      Map.of("git-commit", "abc123", "user", "ann", "host", "not sent");
  private static final String DIGEST = "m1:" + "0a".repeat(32);

  private FakeTracking tracking;

  @BeforeEach
  void start() throws IOException {
    tracking = new FakeTracking();
  }

  @AfterEach
  void stop() {
    tracking.close();
  }

  @Test
  void showsARunWithItsParamsMetricsSlicesAndItsModelsPlace() {
    MlflowMirror.show(pipeline(tracking.uri() + "/"), report(RunStatus.SUCCEEDED, 1), FACTS);
    assertThat(tracking.calls)
        .endsWith(
            "experiments/create",
            "runs/search",
            "runs/create",
            "runs/log-batch",
            "runs/log-batch",
            "runs/log-batch",
            "runs/update");
    assertThat(tracking.runs).hasSize(1);
    assertThat(tracking.runs.get(0))
        .containsEntry("experiment_id", "7")
        .containsEntry("run_name", "r20260301-020000-1f3a9c")
        .containsEntry("start_time", String.valueOf(START.toEpochMilli()))
        .containsEntry("end_time", String.valueOf(START.toEpochMilli() + 2500))
        .containsEntry("status", "FINISHED");
    assertThat(tracking.params)
        .containsEntry("train.uses", "train-classifier")
        .containsEntry("train.algorithm", "logistic-regression")
        .containsEntry("train.max-iter", "20")
        .containsEntry("train.numeric", "[\"age\", \"spent\"]")
        .hasEntrySatisfying(
            "train.query", v -> assertThat(v).hasSize(500).endsWith("... (900 characters)"));
    assertThat(tracking.metrics)
        .containsEntry("train.auc_roc", 0.84)
        .containsEntry("train.auc_roc/plan/basic", 0.79)
        .containsEntry("train.loss", Double.NaN);
    assertThat(tracking.tags)
        .containsEntry("mlpipeline.run", "r20260301-020000-1f3a9c")
        .containsEntry("mlpipeline.pipeline", "churn")
        .containsEntry("mlpipeline.environment", "prod")
        .containsEntry("mlpipeline.status", "succeeded")
        .containsEntry("mlflow.source.git.commit", "abc123")
        .containsEntry("mlflow.user", "ann")
        .containsEntry("mlpipeline.step.train", "succeeded")
        .containsEntry("mlpipeline.step.features", "reused from r20260228-020000-aaaaaa")
        .containsEntry("mlpipeline.model.churn_lr.digest", DIGEST)
        .containsEntry("mlpipeline.model.churn_lr.uri", "/w/_ml/models/churn/churn_lr/a1")
        .containsEntry("mlpipeline.dataset.features.uri", "/w/churn/features@v3")
        .doesNotContainValue("not sent");
  }

  @Test
  void showsARunOnceHoweverOftenItIsSent() {
    MirroredRun run = MirroredRun.of(pipeline(""), report(RunStatus.SUCCEEDED, 1), FACTS);
    assertThat(mirror(10).send(run)).isNull();
    int before = tracking.calls.size();
    assertThat(mirror(10).send(run)).isNull();
    assertThat(tracking.runs).hasSize(1);
    assertThat(tracking.calls.subList(before, tracking.calls.size()))
        .containsExactly("experiments/get-by-name", "runs/search");
  }

  @Test
  void completesARunThatWasCutOff() {
    MirroredRun run = MirroredRun.of(pipeline(""), report(RunStatus.FAILED, 1), FACTS);
    assertThat(mirror(10).send(run)).isNull();
    int all = tracking.calls.size();
    for (int cut = 1; cut <= all; cut++) {
      try (FakeTracking other = new FakeTracking()) {
        other.failingFrom = cut;
        assertThat(mirror(other.uri(), 10).send(run)).contains("500");
        other.failingFrom = Integer.MAX_VALUE;
        assertThat(mirror(other.uri(), 10).send(run)).as("cut at call %s", cut).isNull();
        assertThat(other.runs).hasSize(1);
        assertThat(other.runs.get(0)).containsEntry("status", "FAILED");
        assertThat(other.tags).isEqualTo(tracking.tags);
        assertThat(other.params).isEqualTo(tracking.params);
        assertThat(other.metrics).isEqualTo(tracking.metrics);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void staysWithinMlflowsLimitsOfOneCall() {
    List<StepSpec> steps = new ArrayList<>();
    List<StepReport> reports = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      steps.add(step("s" + i, Params.NONE));
      reports.add(ended("s" + i, new TreeMap<>(Map.of("a", 1.0, "b[k=v]", 2.0)), List.of()));
    }
    PipelineSpec spec = new PipelineSpec("churn", "prod", List.of(), steps, List.of(), AT);
    assertThat(mirror(10).send(MirroredRun.of(spec, report(RunStatus.SUCCEEDED, reports), FACTS)))
        .isNull();
    assertThat(tracking.params).hasSize(150);
    assertThat(tracking.metrics).hasSize(300);
    assertThat(tracking.batches).containsExactly(100, 50, 100, 58, 300);
  }

  @Test
  void leavesOutRunsThatReusedEverythingAndPipelinesThatDoNotAsk() {
    MlflowMirror.show(pipeline(tracking.uri()), report(RunStatus.SUCCEEDED, 0), FACTS);
    PipelineSpec silent = new PipelineSpec("churn", "prod", List.of(), List.of(), List.of(), AT);
    MlflowMirror.show(silent, report(RunStatus.SUCCEEDED, 1), FACTS);
    assertThat(tracking.calls).isEmpty();
  }

  @Test
  void aServerThatIsNotThereIsOneProblemAndNoFailure() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String gone = "http://127.0.0.1:" + port;
    MirroredRun run = MirroredRun.of(pipeline(gone), report(RunStatus.SUCCEEDED, 1), FACTS);
    assertThat(mirror(gone, 10).send(run))
        .containsIgnoringCase("refused")
        .endsWith("; look at mlflow.tracking-uri and at the server");
    MlflowMirror.show(pipeline(gone), report(RunStatus.SUCCEEDED, 1), FACTS);
  }

  @Test
  void saysWhereCredentialsComeFrom() {
    tracking.failingFrom = 1;
    tracking.failure = 401;
    MirroredRun run = MirroredRun.of(pipeline(""), report(RunStatus.SUCCEEDED, 1), FACTS);
    assertThat(mirror(10).send(run)).contains("401").contains("set MLFLOW_TRACKING_TOKEN");
  }

  @Test
  void aServerThatNeverAnswersCostsNoMoreThanThePatience() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String uri = "http://127.0.0.1:" + mute.getLocalPort();
      MirroredRun run = MirroredRun.of(pipeline(uri), report(RunStatus.SUCCEEDED, 1), FACTS);
      long before = System.nanoTime();
      assertThat(mirror(uri, 1).send(run)).contains("did not answer within 1 s");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void aRunThatIsStoppedDoesNotWait() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String uri = "http://127.0.0.1:" + mute.getLocalPort();
      MirroredRun run = MirroredRun.of(pipeline(uri), report(RunStatus.CANCELLED, 1), FACTS);
      Thread.currentThread().interrupt();
      assertThat(mirror(uri, 60).send(run)).contains("being stopped");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private MlflowMirror mirror(int seconds) {
    return mirror(tracking.uri(), seconds);
  }

  private static MlflowMirror mirror(String uri, int seconds) {
    return new MlflowMirror(new MlflowSpec(uri, "churn"), Duration.ofSeconds(seconds));
  }

  private static PipelineSpec pipeline(String uri) {
    Params params =
        new Params(
            new TreeMap<>(
                Map.of(
                    "algorithm",
                    "logistic-regression",
                    "max-iter",
                    20,
                    "numeric",
                    List.of("age", "spent"),
                    "query",
                    "q".repeat(900))));
    return new PipelineSpec(
        "churn",
        "prod",
        List.of(),
        List.of(step("features", Params.NONE), step("train", params)),
        List.of(),
        List.of(),
        new MlflowSpec(uri, "churn"),
        List.of(),
        AT);
  }

  private static StepSpec step(String name, Params params) {
    return new StepSpec(
        name, "train-classifier", new TreeMap<>(), params, List.of(), RuntimeSpec.DEFAULT, AT);
  }

  private static RunReport report(RunStatus status, int attempts) {
    OutputVersion model =
        new OutputVersion(
            OutputKind.MODEL,
            "model",
            "churn_lr",
            "_ml/models/churn/churn_lr/a1",
            0,
            DIGEST,
            null,
            0,
            5,
            null);
    OutputVersion table =
        new OutputVersion(
            OutputKind.TABLE, "rows", "features", "churn/features", 3, "c1:1:ab", "s", 1, 5, null);
    TreeMap<String, Double> metrics =
        new TreeMap<>(Map.of("auc_roc", 0.84, "auc_roc[plan=basic]", 0.79, "loss", Double.NaN));
    return report(
        status,
        List.of(
            of("features", StepStatus.REUSED, 0, new TreeMap<>(), List.of(table)),
            of("train", StepStatus.SUCCEEDED, attempts, metrics, List.of(model))));
  }

  private static StepReport ended(
      String name, TreeMap<String, Double> metrics, List<OutputVersion> outputs) {
    return of(name, StepStatus.SUCCEEDED, 1, metrics, outputs);
  }

  private static StepReport of(
      String name,
      StepStatus status,
      int attempts,
      TreeMap<String, Double> metrics,
      List<OutputVersion> outputs) {
    return new StepReport(
        name,
        "execute",
        "why",
        status,
        1,
        attempts,
        status == StepStatus.REUSED ? "r20260228-020000-aaaaaa" : null,
        metrics,
        outputs,
        List.of(),
        null);
  }

  private static RunReport report(RunStatus status, List<StepReport> steps) {
    FailureRecord failure =
        status == RunStatus.FAILED
            ? new FailureRecord(
                "r",
                "churn",
                "train",
                "failed",
                ErrorType.STEP_FAILED,
                "no",
                1,
                false,
                new TreeMap<>())
            : null;
    return new RunReport(
        new RunId("r20260301-020000-1f3a9c"),
        "churn",
        "prod",
        status,
        START,
        2.5,
        steps,
        failure,
        "/w",
        "_ml/receipts/r/1.json");
  }
}
