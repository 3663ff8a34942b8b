package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RowAccount;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.plan.History;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.port.Sessions;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.FakeHistory;
import io.mlpipeline.testkit.FakeModels;
import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.FakeSessions;
import io.mlpipeline.testkit.FakeTables;
import io.mlpipeline.testkit.InMemoryObjectStore;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What becomes of rows that break quarantine rules, without Spark. */
class QuarantineFlowTest {

  /** Gives ten rows, of which it read a number that a param says. */
  public static final class Ten implements Step<Ten.Params_> {

    /** How many rows were read; 0 to say nothing of it. */
    public record Params_(@io.mlpipeline.step.Default("0") long read) {}

    @Override
    public StepOutput run(StepContext context, Params_ params) {
      StepOutput rows = StepOutput.sameModel("unused", "unused").withMetric("rows", 10);
      return params.read() == 0 ? rows : rows.withAccount("out", new RowAccount(params.read(), 0));
    }
  }

  private static final String ROWS = "p/a";
  private static final String APART = "p/a__quarantine";

  private final FakeTables tables = new FakeTables();
  private final FakeHistory history = new FakeHistory();
  private final FakeModels models = new FakeModels();
  private final FakeSessions sessions = new FakeSessions();
  private int runs;

  @Test
  void fewBadRowsAreSetApartAndTheRestIsPublished() throws Exception {
    RunReport report = run(spec(3, 0.3, 0));
    assertThat(report.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(report.steps().get(0).outputs().get(0).rows()).isEqualTo(7);
    GateReport gate = report.steps().get(0).gates().get(0);
    assertThat(gate.quarantine().rows()).isEqualTo(3);
    assertThat(gate.quarantine().byRule()).containsEntry("positive", 3L);
    assertThat(gate.quarantine().table().uri()).isEqualTo(APART);
    assertThat(tables.find(APART, 0).orElseThrow().files()).hasSize(1);
    assertThat(run(spec(3, 0.3, 0)).steps().get(0).decision()).isEqualTo("reuse");
  }

  @Test
  void tooManyBadRowsPublishNothingUntilTheGateAllowsThem() throws Exception {
    RunReport report = run(spec(4, 0.3, 0));
    assertThat(report.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(report.failure().message())
        .contains("4 of 10 rows of a", "positive: 4", "0.3", "a row", "p/a__quarantine/");
    assertThat(tables.versions(ROWS)).isZero();
    assertThat(tables.versions(APART)).isZero();

    RunReport looser = run(spec(4, 0.4, 0));
    assertThat(looser.steps().get(0).decision()).isEqualTo("reaudit");
    assertThat(looser.steps().get(0).reason()).contains("gate of a changed");
    assertThat(looser.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(looser.steps().get(0).outputs().get(0).rows()).isEqualTo(6);
    assertThat(tables.versions(APART)).isEqualTo(1);
  }

  @Test
  void rowsThatAreNotTheSameWhenComputedAgainAreAnErrorAndNotPublished() throws Exception {
    sessions.lose(1);
    RunReport report = run(spec(3, 0.3, 0));
    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(report.failure().message()).contains("not the same when they are computed again");
    assertThat(tables.versions(ROWS)).isZero();
    assertThat(tables.versions(APART)).isZero();
  }

  @Test
  void quarantineBecomesEmptyWhenNothingIsSetApartAnyMore() throws Exception {
    run(spec(3, 0.3, 0));
    RunReport clean = run(spec(0, 0.3, 10));
    assertThat(clean.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(clean.steps().get(0).gates().get(0).quarantine()).isNull();
    assertThat(tables.findNewest(APART).orElseThrow().files()).isEmpty();
    run(spec(0, 0.3, 10));
    assertThat(tables.versions(APART)).as("emptied once").isEqualTo(2);
  }

  @Test
  void everyRowThatWasReadMustBeAccountedFor() throws Exception {
    assertThat(run(spec(3, 0.3, 10)).status()).isEqualTo(RunStatus.SUCCEEDED);
    RunReport lost = run(spec(3, 0.3, 12));
    assertThat(lost.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(lost.failure().message())
        .contains("12 were read", "7 published + 3 quarantined + 0 deduplicated are 10");
  }

  @Test
  void publishedRowsThatBreakATighterRuleAreReportedWithARemedy() throws Exception {
    run(spec(0, 0.5, 0));
    RunReport tighter = run(spec(2, 0.5, 0));
    assertThat(tighter.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(tighter.failure().message()).contains("--force");
    assertThat(tables.versions(ROWS)).isEqualTo(1);
    assertThat(tables.versions(APART)).isZero();
  }

  @Test
  void replayAddsWhatHoldsOnceAndTheNextRunGoesOnFromIt() throws Exception {
    PipelineSpec spec = spec(3, 0.3, 0);
    run(spec);
    sessions.keepBack(1);
    Replay.Result first = replay(spec, tables);
    assertThat(first.added()).isEqualTo(2);
    assertThat(first.remaining()).isEqualTo(1);
    assertThat(first.output().rows()).isEqualTo(9);
    Replay.Result second = replay(spec, tables);
    assertThat(second.added()).isZero();
    assertThat(tables.versions(ROWS)).isEqualTo(2);
    assertThat(tables.versions(APART)).isEqualTo(2);
    RunReport next = run(spec);
    assertThat(next.steps().get(0).decision()).isEqualTo("reuse");
    assertThat(next.steps().get(0).outputs().get(0).version()).isEqualTo(1);
    assertThat(next.steps().get(0).outputs().get(0).rows()).isEqualTo(9);
    assertThat(history.all())
        .filteredOn(e -> "replay".equals(e.facts().get("decision")))
        .extracting(LineageEvent::reason)
        .contains("replay: 2 rows added, 1 stay");
  }

  @Test
  void replayThatDiedBeforeItsLastCommitIsFinishedByTheNextOneAndAddsNothingTwice()
      throws Exception {
    PipelineSpec spec = spec(3, 0.3, 0);
    run(spec);
    FakeTables dying =
        new FakeTables(tables) {
          @Override
          public synchronized long replace(StagedTable staged, long base, CommitInfo info) {
            if (staged.uri().equals(APART)) {
              throw new EngineException(ErrorType.STORAGE_UNAVAILABLE, "the process died");
            }
            return super.replace(staged, base, info);
          }
        };
    assertThatThrownBy(() -> replay(spec, dying)).hasMessageContaining("died");
    assertThat(tables.versions(ROWS)).isEqualTo(2);
    assertThat(tables.versions(APART)).isEqualTo(1);

    Replay.Result finished = replay(spec, tables);
    assertThat(finished.added()).isEqualTo(3);
    assertThat(tables.versions(ROWS)).as("not added again").isEqualTo(2);
    assertThat(tables.findNewest(APART).orElseThrow().files()).isEmpty();
    assertThat(replay(spec, tables).added()).isZero();
    assertThat(run(spec).steps().get(0).outputs().get(0).rows()).isEqualTo(10);
  }

  @Test
  void replayThatDiedBeforeItWasRememberedIsTakenBackByARunAndDoneAgain() throws Exception {
    PipelineSpec spec = spec(3, 0.3, 0);
    run(spec);
    FakeTables dying =
        new FakeTables(tables) {
          @Override
          public synchronized long replace(StagedTable staged, long base, CommitInfo info) {
            super.replace(staged, base, info);
            throw new EngineException(ErrorType.STORAGE_UNAVAILABLE, "the process died");
          }
        };
    assertThatThrownBy(() -> replay(spec, dying)).hasMessageContaining("died");
    RunReport back = run(spec);
    assertThat(back.steps().get(0).outputs().get(0).rows()).isEqualTo(7);
    assertThat(tables.findNewest(APART).orElseThrow().files()).as("nothing is lost").hasSize(1);
    assertThat(replay(spec, tables).added()).isEqualTo(3);
    assertThat(run(spec).steps().get(0).outputs().get(0).rows()).isEqualTo(10);
  }

  @Test
  void quarantineOfAnotherContentIsNotReplayed() throws Exception {
    PipelineSpec spec = spec(3, 0.3, 0);
    run(spec);
    tables.foreignWrite(ROWS);
    assertThatThrownBy(() -> replay(spec, tables))
        .hasMessageContaining("does not belong to p/a")
        .hasMessageContaining("--force");
    assertThat(tables.versions(ROWS)).isEqualTo(2);
  }

  @Test
  void replayNamesWhatSparkThrew() throws Exception {
    PipelineSpec spec = spec(3, 0.3, 0);
    run(spec);
    Backend backend =
        backend(
            tables,
            () -> {
              throw new IllegalStateException("Job aborted");
            },
            t -> Optional.of(new EngineException(ErrorType.DISK_FULL, "no room: " + t)));
    assertThatThrownBy(() -> new Replay(backend, context(spec)).replay("a", List.of(), null))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.DISK_FULL));
  }

  @Test
  void shareSaysWhereRowsAreOnlyIfTheyAreNotPublished() throws Exception {
    String many = share(run(spec(3, 0.1, 0)));
    String few = share(run(spec(3, 0.3, 0)));
    assertThat(few).contains("no more than max-quarantine 0.3").doesNotContain("the rows are in");
    assertThat(many)
        .contains("more than max-quarantine 0.1 allows", "the rows are in " + APART)
        .as("true, too, if somebody waives it")
        .doesNotContain("published");
  }

  private static String share(RunReport report) {
    return report.steps().get(0).gates().get(0).outcomes().stream()
        .filter(o -> o.rule().id().equals("max-quarantine"))
        .map(o -> String.valueOf(o.message()))
        .findFirst()
        .orElseThrow();
  }

  private Replay.Result replay(PipelineSpec spec, FakeTables log) {
    return new Replay(backend(log), context(spec)).replay("a", List.of(), null);
  }

  private RunReport run(PipelineSpec spec) throws Exception {
    PlanResolver resolver =
        new PlanResolver(spec, RunRequest.ALL, code(), tables, models, history, new FakeRegistry());
    History known =
        new History(Map.of(), history.loadLast("p"), Map.of(), Map.of(), Map.of(), Map.of());
    RunOptions options = new RunOptions(1, RunOptions.OnFailure.STOP);
    return new Runner(backend(tables), context(spec), options, resolver)
        .run(resolver.resolve(known));
  }

  private Backend backend(FakeTables log) {
    return backend(log, () -> sessions, t -> Optional.empty());
  }

  private Backend backend(
      FakeTables log,
      Supplier<Sessions> opens,
      Function<Throwable, Optional<EngineException>> failures) {
    return new Backend(
        log,
        models,
        history,
        history,
        new StoredGates(new InMemoryObjectStore()),
        new FakeRegistry(),
        opens,
        failures::apply,
        Instant::now,
        pause -> {},
        getClass().getClassLoader());
  }

  private RunContext context(PipelineSpec spec) {
    return new RunContext(
        RunId.of(Instant.parse("2026-01-01T00:00:00Z"), ++runs),
        spec,
        code(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        "/wh",
        new RunListener() {});
  }

  private static Map<String, StepCode> code() {
    return Map.of(
        "a", new StepCode(Ten.class.getName(), "c", new TreeMap<>(), new TreeMap<>(), true));
  }

  private static PipelineSpec spec(long bad, double most, long read) {
    GateRule rule =
        new GateRule(
            "positive", Severity.QUARANTINE, "ColumnValues \"x\" > " + bad, SourceLocation.UNKNOWN);
    GateSpec gate = new GateSpec(List.of(rule), most, List.of());
    OutputSpec output =
        new OutputSpec("out", "a", null, List.of(), List.of(), gate, SourceLocation.UNKNOWN);
    StepSpec step =
        new StepSpec(
            "a",
            Ten.class.getName(),
            Collections.emptySortedMap(),
            new Params(new TreeMap<>(Map.of("read", read))),
            List.of(output),
            RuntimeSpec.DEFAULT,
            SourceLocation.UNKNOWN);
    return new PipelineSpec(
        "p", "local", List.of(), List.of(step), List.of(), SourceLocation.UNKNOWN);
  }
}
