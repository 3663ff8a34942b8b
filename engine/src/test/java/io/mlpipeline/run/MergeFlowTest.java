package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.delta.StoredGates;
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
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of a table into which batches are merged, without Spark: keys are 1 to N. */
class MergeFlowTest {

  /** Gives as many rows as a param says. */
  public static final class Batch implements Step<Batch.Params_> {

    /** How many. */
    public record Params_(long rows) {}

    @Override
    public StepOutput run(StepContext context, Params_ params) {
      return StepOutput.sameModel("unused", "unused").withMetric("rows", params.rows());
    }
  }

  private static final String TABLE = "p/a";

  private final FakeTables tables = new FakeTables();
  private final FakeHistory history = new FakeHistory();
  private final FakeModels models = new FakeModels();
  private final FakeSessions sessions = new FakeSessions();
  private int runs;

  @Test
  void laterBatchesJoinWhatIsThereAndTheSameBatchAgainIsReused() throws Exception {
    run(spec(5));
    StepReport second = run(spec(3)).steps().get(0);
    assertThat(second.outputs().get(0).rows()).as("keys 4 and 5 stay").isEqualTo(5);
    assertThat(run(spec(8)).steps().get(0).outputs().get(0).rows()).isEqualTo(8);
    StepReport again = run(spec(8)).steps().get(0);
    assertThat(again.status()).isEqualTo(StepStatus.REUSED);
    assertThat(tables.versions(TABLE)).as("3 of 5 changed nothing").isEqualTo(2);
  }

  @Test
  void batchThatChangesNothingMakesNoVersionAndDeletesNoPublishedFile() throws Exception {
    run(spec(5));
    StepReport second = run(spec(3)).steps().get(0);
    assertThat(second.status()).isEqualTo(StepStatus.UNCHANGED);
    assertThat(tables.versions(TABLE)).isEqualTo(1);
    String published = tables.findNewest(TABLE).orElseThrow().files().get(0).path();
    assertThat(sessions.discardedFiles()).isNotEmpty().doesNotContain(published);
  }

  @Test
  void anEarlierBatchIsMergedAgainInsteadOfBringingItsVersionBack() throws Exception {
    run(spec(5));
    run(spec(8));
    StepReport back = run(spec(5)).steps().get(0);
    assertThat(back.decision()).isEqualTo("execute");
    assertThat(back.reason()).contains("a@v0 of run", "merged again into what is there now");
    assertThat(back.outputs().get(0).rows()).as("no row of the later batch is lost").isEqualTo(8);
    assertThat(run(spec(5)).steps().get(0).status()).isEqualTo(StepStatus.REUSED);
  }

  @Test
  void rowsThatSomebodyElseWroteAreNotTakenBackAndOptimizeIsNoChange() throws Exception {
    run(spec(5));
    tables.foreignOptimize(TABLE);
    assertThat(run(spec(5)).steps().get(0).status()).isEqualTo(StepStatus.REUSED);
    tables.foreignWrite(TABLE);
    StepReport merged = run(spec(5)).steps().get(0);
    assertThat(merged.decision()).isEqualTo("execute");
    assertThat(tables.versions(TABLE)).as("merged by one commit").isEqualTo(4);
  }

  @Test
  void theGateJudgesTheWholeAndARejectedBatchIsKeptToBeJudgedAgain() throws Exception {
    run(spec(5));
    RunReport few = run(spec(3, "RowCount > 4"));
    assertThat(few.status()).as("five rows, though only three came").isEqualTo(RunStatus.SUCCEEDED);
    RunReport rejected = run(spec(6, "RowCount > 9"));
    assertThat(rejected.failure().type()).isEqualTo(ErrorType.GATE_REJECTED);
    assertThat(rejected.failure().message()).contains("RowCount > 9: 6");
    assertThat(tables.versions(TABLE)).isEqualTo(1);

    RunReport looser = run(spec(6, "RowCount > 5"));
    assertThat(looser.steps().get(0).decision()).isEqualTo("reaudit");
    assertThat(looser.steps().get(0).outputs().get(0).rows()).isEqualTo(6);
    assertThat(sessions.discardedFiles())
        .doesNotContainAnyElementsOf(
            tables.findNewest(TABLE).orElseThrow().files().stream().map(f -> f.path()).toList());
  }

  @Test
  void rowsAreSetApartFromTheBatchAndCountedInIt() throws Exception {
    run(spec(9, 0, 0));
    RunReport report = run(spec(10, 2, 0.2));
    assertThat(report.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(report.steps().get(0).outputs().get(0).rows())
        .as("8 of 10, and one of 9")
        .isEqualTo(9);
    assertThat(report.steps().get(0).gates().get(0).quarantine().rows()).isEqualTo(2);
    RunReport more = run(spec(11, 3, 0.2));
    assertThat(more.failure().message()).contains("3 of 11 rows of a");
  }

  @Test
  void rowsLetBackInTakeThePlaceOfOlderOnesAndADeadReplayIsDoneAgain() throws Exception {
    run(spec(9, 0, 0));
    PipelineSpec spec = spec(10, 2, 0.2);
    run(spec);
    Replay.Result replay = new Replay(backend(), context(spec)).replay("a", List.of(), null);
    assertThat(replay.added()).isEqualTo(2);
    assertThat(replay.output().rows()).as("the keys were there").isEqualTo(9);
    assertThat(tables.findNewest(TABLE + "__quarantine").orElseThrow().files()).isEmpty();
    assertThat(run(spec).steps().get(0).status()).isEqualTo(StepStatus.REUSED);
  }

  private RunReport run(PipelineSpec spec) throws Exception {
    PlanResolver resolver =
        new PlanResolver(spec, RunRequest.ALL, code(), tables, models, history, new FakeRegistry());
    History known =
        new History(Map.of(), history.loadLast("p"), Map.of(), Map.of(), Map.of(), Map.of());
    RunOptions options = new RunOptions(1, RunOptions.OnFailure.STOP);
    return new Runner(backend(), context(spec), options, resolver).run(resolver.resolve(known));
  }

  private Backend backend() {
    return new Backend(
        tables,
        models,
        history,
        history,
        new StoredGates(new InMemoryObjectStore()),
        new FakeRegistry(),
        () -> sessions,
        t -> Optional.empty(),
        Instant::now,
        pause -> {},
        getClass().getClassLoader());
  }

  private RunContext context(PipelineSpec spec) {
    return new RunContext(
        RunId.of(Instant.parse("2026-01-01T00:00:00Z"), ++runs),
        spec,
        code(),
        new TreeMap<>(),
        Collections.emptySortedMap(),
        "/wh",
        new RunListener() {});
  }

  private static Map<String, StepCode> code() {
    return Map.of(
        "a", new StepCode(Batch.class.getName(), "c", new TreeMap<>(), new TreeMap<>(), true));
  }

  private static PipelineSpec spec(long rows, String... blocking) {
    return spec(
        rows,
        new GateSpec(
            java.util.Arrays.stream(blocking)
                .map(text -> new GateRule(text, Severity.BLOCK, text, SourceLocation.UNKNOWN))
                .toList()));
  }

  private static PipelineSpec spec(long rows, long bad, double most) {
    GateRule rule =
        new GateRule(
            "good", Severity.QUARANTINE, "ColumnValues \"x\" > " + bad, SourceLocation.UNKNOWN);
    return spec(rows, new GateSpec(List.of(rule), most, List.of()));
  }

  private static PipelineSpec spec(long rows, GateSpec gate) {
    OutputSpec output =
        new OutputSpec(
            "out",
            "a",
            null,
            List.of(),
            List.of("k"),
            gate,
            OutputMode.MERGE,
            null,
            SourceLocation.UNKNOWN);
    StepSpec step =
        new StepSpec(
            "a",
            Batch.class.getName(),
            Collections.emptySortedMap(),
            new Params(new TreeMap<>(Map.of("rows", rows))),
            List.of(output),
            RuntimeSpec.DEFAULT,
            SourceLocation.UNKNOWN);
    return new PipelineSpec(
        "p", "local", List.of(), List.of(step), List.of(), SourceLocation.UNKNOWN);
  }
}
