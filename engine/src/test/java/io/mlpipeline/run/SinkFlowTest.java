package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.delta.StoredReuseIndex;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputMode;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SinkSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.plan.History;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.FakeHistory;
import io.mlpipeline.testkit.FakeModels;
import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.FakeSessions;
import io.mlpipeline.testkit.FakeTables;
import io.mlpipeline.testkit.InMemoryObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When what was published goes to a sink, without Spark and without a database. */
class SinkFlowTest {

  /** Gives as many rows as a param says, and counts how often it was asked. */
  public static final class Rows implements Step<Rows.Params_> {

    static final AtomicInteger CALLS = new AtomicInteger();

    /** How many. */
    public record Params_(long rows) {}

    @Override
    public StepOutput run(StepContext context, Params_ params) {
      CALLS.incrementAndGet();
      return StepOutput.sameModel("unused", "unused").withMetric("rows", params.rows());
    }
  }

  private static final String PLACE = "jdbc:postgresql://h/d";
  private static final String TABLE = "p/a";

  private final FakeTables tables = new FakeTables();
  private final StoredReuseIndex reuse = new StoredReuseIndex(new InMemoryObjectStore());
  private final FakeHistory lineage = new FakeHistory();
  private final FakeModels models = new FakeModels();
  private final FakeSessions sessions = new FakeSessions();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int runs;

  @BeforeEach
  void forgetCalls() {
    Rows.CALLS.set(0);
  }

  @Test
  void whatIsPublishedIsDeliveredOnceAndCounted() throws Exception {
    StepReport first = run(spec(5, PLACE)).steps().get(0);
    assertThat(first.metrics())
        .containsEntry("delivered_rows.a", 5.0)
        .containsEntry("delivered_changes.a", 5.0);
    assertThat(run(spec(5, PLACE)).steps().get(0).status()).isEqualTo(StepStatus.REUSED);
    assertThat(sessions.delivered()).containsExactly("a 5");
  }

  @Test
  void failedDeliveryFailsTheStepAndTheNextRunDeliversWithoutComputing() throws Exception {
    sessions.refuseDeliveries(1);
    RunReport failed = run(spec(5, PLACE));
    assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
    assertThat(failed.failure().type()).isEqualTo(ErrorType.STORAGE_UNAVAILABLE);
    assertThat(failed.failure().message()).isEqualTo("the database is away");
    assertThat(tables.versions(TABLE)).as("published it is").isEqualTo(1);

    StepReport next = run(spec(5, PLACE)).steps().get(0);
    assertThat(next.decision()).isEqualTo("reaudit");
    assertThat(next.reason()).contains("a is to be delivered");
    assertThat(next.status()).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(sessions.delivered()).containsExactly("a 5");
    assertThat(Rows.CALLS).hasValue(1);
    assertThat(tables.versions(TABLE)).isEqualTo(1);
    assertThat(run(spec(5, PLACE)).steps().get(0).status()).isEqualTo(StepStatus.REUSED);
  }

  @Test
  void aRetryOfTheSameRunDeliversWithoutComputing() throws Exception {
    sessions.refuseDeliveries(2);
    RunReport report = run(spec(5, PLACE, 2));
    assertThat(report.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(report.steps().get(0).attempts()).isEqualTo(3);
    assertThat(sessions.delivered()).containsExactly("a 5");
    assertThat(Rows.CALLS).hasValue(1);
    assertThat(run(spec(5, PLACE, 2)).steps().get(0).status()).isEqualTo(StepStatus.REUSED);
  }

  @Test
  void anotherPlaceIsServedWithoutComputingAndAnotherUserIsNoOtherPlace() throws Exception {
    run(spec(5, null));
    assertThat(sessions.delivered()).isEmpty();
    StepReport added = run(spec(5, PLACE)).steps().get(0);
    assertThat(added.decision()).isEqualTo("reaudit");
    assertThat(added.reason()).contains("a is to be delivered");
    run(spec(5, "jdbc:postgresql://other/d"));
    assertThat(sessions.delivered()).containsExactly("a 5", "a 5");
    assertThat(Rows.CALLS).hasValue(1);
    StepReport removed = run(spec(5, null)).steps().get(0);
    assertThat(removed.reason()).contains("a has no sink any more");
    assertThat(sessions.delivered()).hasSize(2);

    SinkSpec sink = new SinkSpec(PLACE, "t", "me", "SECRET", null, SourceLocation.UNKNOWN);
    SinkSpec same = new SinkSpec(PLACE, "t", "you", "OTHER", "d.D", SourceLocation.UNKNOWN);
    assertThat(sink.place()).isEqualTo(same.place());
  }

  @Test
  void whatIsRejectedIsNotDelivered() throws Exception {
    RunReport rejected = run(spec(5, PLACE, 0, "RowCount > 9"));
    assertThat(rejected.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(sessions.delivered()).isEmpty();
    run(spec(5, PLACE, 0, "RowCount > 4"));
    assertThat(sessions.delivered()).containsExactly("a 5");
    assertThat(Rows.CALLS).hasValue(1);
  }

  @Test
  void aVersionThatBecomesTheHeadAgainIsDeliveredAgain() throws Exception {
    run(spec(5, PLACE));
    run(spec(7, PLACE));
    StepReport back = run(spec(5, PLACE)).steps().get(0);
    assertThat(back.decision()).isEqualTo("reaudit");
    assertThat(back.reason()).contains("restores a@v0 and delivers what it holds");
    assertThat(sessions.delivered()).containsExactly("a 5", "a 7", "a 5");
    assertThat(tables.versions(TABLE)).isEqualTo(3);
    assertThat(Rows.CALLS).hasValue(2);
  }

  @Test
  void rowsThatAReplayLetsBackInAreDeliveredByTheNextRun() throws Exception {
    GateRule rule =
        new GateRule("good", Severity.QUARANTINE, "ColumnValues \"x\" > 2", SourceLocation.UNKNOWN);
    PipelineSpec spec = spec(10, PLACE, 0, new GateSpec(List.of(rule), 0.2, List.of()));
    run(spec);
    Replay.Result replay = new Replay(backend(), context(spec)).replay("a", List.of(), null);
    assertThat(replay.added()).isEqualTo(2);
    assertThat(run(spec).steps().get(0).decision()).isEqualTo("reaudit");
    assertThat(sessions.delivered()).containsExactly("a 8", "a 10");
    assertThat(run(spec).steps().get(0).decision()).isEqualTo("reuse");
    assertThat(Rows.CALLS).hasValue(1);
  }

  private RunReport run(PipelineSpec spec) throws Exception {
    now = now.plusSeconds(60);
    PlanResolver resolver =
        new PlanResolver(spec, RunRequest.ALL, code(), tables, models, reuse, new FakeRegistry());
    History known =
        new History(Map.of(), reuse.loadLast("p"), Map.of(), Map.of(), Map.of(), Map.of());
    RunOptions options = new RunOptions(1, RunOptions.OnFailure.STOP);
    return new Runner(backend(), context(spec), options, resolver).run(resolver.resolve(known));
  }

  private Backend backend() {
    return new Backend(
        tables,
        models,
        reuse,
        lineage,
        new StoredGates(new InMemoryObjectStore()),
        new FakeRegistry(),
        () -> sessions,
        t -> Optional.empty(),
        () -> now,
        pause -> {},
        getClass().getClassLoader());
  }

  private RunContext context(PipelineSpec spec) {
    return new RunContext(
        RunId.of(now, ++runs),
        spec,
        code(),
        new TreeMap<>(),
        Collections.emptySortedMap(),
        "/wh",
        new RunListener() {});
  }

  private static Map<String, StepCode> code() {
    return Map.of(
        "a", new StepCode(Rows.class.getName(), "c", new TreeMap<>(), new TreeMap<>(), true));
  }

  private static PipelineSpec spec(long rows, @Nullable String url) {
    return spec(rows, url, 0);
  }

  private static PipelineSpec spec(
      long rows, @Nullable String url, int retries, String... blocking) {
    return spec(
        rows,
        url,
        retries,
        new GateSpec(
            java.util.Arrays.stream(blocking)
                .map(text -> new GateRule(text, Severity.BLOCK, text, SourceLocation.UNKNOWN))
                .toList()));
  }

  private static PipelineSpec spec(long rows, @Nullable String url, int retries, GateSpec gate) {
    SinkSpec sink =
        url == null ? null : new SinkSpec(url, "t", "me", "SECRET", null, SourceLocation.UNKNOWN);
    OutputSpec output =
        new OutputSpec(
            "out",
            "a",
            null,
            List.of(),
            List.of("k"),
            gate,
            OutputMode.REPLACE,
            sink,
            SourceLocation.UNKNOWN);
    StepSpec step =
        new StepSpec(
            "a",
            Rows.class.getName(),
            Collections.emptySortedMap(),
            new Params(new TreeMap<>(Map.of("rows", rows))),
            List.of(output),
            new RuntimeSpec(retries, Duration.ofSeconds(1), null),
            SourceLocation.UNKNOWN);
    return new PipelineSpec(
        "p", "local", List.of(), List.of(step), List.of(), SourceLocation.UNKNOWN);
  }
}
