package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.spark.gate.Auditor;
import io.mlpipeline.spark.gate.FileStatistics;
import io.mlpipeline.spark.gate.GateContext;
import io.mlpipeline.spark.table.TableReader;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.InMemoryObjectStore;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statistics answer as the rows do, and where they answer, nothing runs. */
class StatisticsIT {

  /** Nulls, NaN, long texts, times, odd names and a null partition; several files. */
  private static final String TRICKY =
      "select id, cast(id - 5 as int) k, cast(id as smallint) small,"
          + " cast(id / 3 as decimal(10,2)) amount, cast(id * 1e20 as decimal(38,10)) wide,"
          + " date_add(date'1969-12-30', cast(id as int)) day,"
          + " if(id = 7, double('NaN'), id / 2D) x, cast(id * 0.1 as float) f,"
          + " concat(repeat('u', 40), id) name, timestamp_micros(id * 1001) ts,"
          + " cast(null as int) nothing, if(id < 4, null, cast(id as int)) some,"
          + " id + 1 as `a.b`, id as `we\"ird`, array(id) tags, id % 2 = 0 ok,"
          + " if(id % 3 = 0, null, cast(id % 3 as int)) p from range(0, 20, 1, 2)";

  private static final String[] RULES = {
    "RowCount = 20",
    "RowCount > 20",
    "RowCount = 10 where \"id % 2 = 0\"",
    "IsComplete \"id\"",
    "IsComplete \"some\"",
    "IsComplete \"p\"",
    "IsComplete \"tags\"",
    "IsComplete \"ok\"",
    "IsComplete \"nothing\"",
    "Completeness \"nothing\" > 0.1",
    "Completeness \"P\" > 0.5",
    "Completeness \"x\" >= 1.0",
    "Completeness \"name\" > 0.9 where \"id > 3\"",
    "ColumnValues \"k\" >= -5",
    "ColumnValues \"k\" > -5",
    "ColumnValues \"K\" <= 14",
    "ColumnValues \"k\" < 14",
    "ColumnValues \"k\" between -6 and 15",
    "ColumnValues \"k\" between -5 and 15",
    "ColumnValues \"small\" < 20",
    "ColumnValues \"some\" >= 4",
    "ColumnValues \"nothing\" >= 4",
    "ColumnValues \"amount\" <= 6.33",
    "ColumnValues \"amount\" < 6.33",
    "ColumnValues \"wide\" <= 1900000000000000000000",
    "ColumnValues \"p\" > 0",
    "ColumnValues \"x\" >= 0",
    "ColumnValues \"f\" <= 1.9",
    "ColumnValues \"day\" > \"1969-12-29\"",
    "ColumnValues \"day\" > \"1969-12-30\"",
    "ColumnValues \"day\" >= \"1969-12-30\"",
    "ColumnValues \"day\" < \"1970-01-19\"",
    "ColumnValues \"day\" between \"1969-12-29\" and \"1970-01-19\"",
    "ColumnValues \"ts\" > \"1969-12-31\"",
    "ColumnValues \"a.b\" > 0",
    "ColumnValues \"we\"\"ird\" >= 0",
    "ColumnValues \"k\" in [1, 2]",
    "ColumnValues \"k\" != 100",
    "IsPrimaryKey \"id\"",
    "(ColumnValues \"k\" > 3) or (RowCount = 20)",
    "(IsComplete \"some\") and (Mean \"k\" > 100)",
    "Mean \"amount\" > 100",
    "ColumnLength \"name\" > 41",
  };

  private static final String[] ANSWERED = {
    "RowCount > 5",
    "IsComplete \"id\"",
    "Completeness \"some\" > 0.7",
    "ColumnValues \"k\" >= -5",
    "ColumnValues \"amount\" <= 6.33",
    "ColumnValues \"k\" > 0",
    "ColumnValues \"day\" > \"1969-12-29\"",
    "ColumnCount = 17",
  };

  @TempDir Path warehouse;
  private Attempts attempts;

  @BeforeEach
  void makeWarehouse() {
    attempts = new Attempts(warehouse);
  }

  private static GateSpec gate(String... rules) {
    List<GateRule> all =
        Arrays.stream(rules)
            .map(text -> new GateRule(text, Severity.BLOCK, text, Attempts.AT))
            .toList();
    return new GateSpec(all);
  }

  private StagedTable stage() {
    try (AttemptSession session =
        attempts.open("rows", Attempts.output("rows", null, List.of("p"), List.of()))) {
      Dataset<Row> rows = session.context().spark().sql(TRICKY);
      return session.stage(StepOutput.table("rows", rows)).tables().get(0);
    }
  }

  @Test
  void answersOfStatisticsAreThoseOfTheRows() {
    StagedTable table = stage();
    assertThat(table.files()).hasSizeGreaterThan(2);
    Dataset<Row> rows = TableReader.read(TestSpark.session(), warehouse.toString(), table);
    FileStatistics known = FileStatistics.of(rows.schema(), table.partitionBy(), table.files());

    List<RuleOutcome> read = judge(rows, FileStatistics.NONE);
    List<RuleOutcome> answered = judge(rows, known);

    assertThat(answered).containsExactlyElementsOf(read);
    assertThat(read).extracting(RuleOutcome::passed).contains(true, false);
  }

  private static List<RuleOutcome> judge(Dataset<Row> rows, FileStatistics known) {
    return Auditor.judge(rows, known, "rows", gate(RULES), GateContext.NONE).outcomes();
  }

  @Test
  void inputWhoseRulesAreAllAnsweredRunsNoJob() throws Exception {
    attempts.publish("rows", stage());
    assertThat(jobs(gate(ANSWERED)).jobs()).isZero();
    assertThat(jobs(gate(ANSWERED)).report().outcomes())
        .extracting(RuleOutcome::passed)
        .containsExactly(true, true, true, true, true, false, true, true);
    assertThat(jobs(gate("RowCount > 5", "Mean \"k\" > 0")).jobs())
        .as("one scan for what is left")
        .isEqualTo(1);
  }

  @Test
  void whatOnlyAGateLooksAtIsNoInputOfTheStepAndTheGateFindsIt() {
    PinnedInput published = attempts.publish("rows", stage());
    PinnedInput reference =
        new PinnedInput(PinnedInput.gatePort("rows"), "rows", null, published.output());
    AttemptCall call =
        new AttemptCall(
            "churn", "r", "r-reader-1", Attempts.step("reader"), List.of(reference), List.of());
    AttemptContext context =
        new AttemptContext(
            TestSpark.session(),
            call,
            warehouse.toString(),
            attempts,
            attempts,
            new io.mlpipeline.spark.table.LeftOut());
    assertThat(context.inputs()).isEmpty();
    AttemptGates gates =
        new AttemptGates(
            call,
            context,
            new StoredGates(new InMemoryObjectStore()),
            new Baselines(
                TestSpark.session(), call, context, attempts, new Records(attempts.ledger(), null)),
            "judged");
    assertThat(gates.reference("rows").orElseThrow().columns()).contains("we\"ird");
    assertThat(gates.reference("other")).isEmpty();
  }

  private record Judged(int jobs, GateReport report) {}

  private Judged jobs(GateSpec gate) throws Exception {
    InputSpec input =
        new InputSpec(
            "rows",
            InputKind.TABLE,
            warehouse + "/churn/rows",
            null,
            new TreeMap<>(),
            null,
            null,
            null,
            gate,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            Attempts.AT);
    PinnedSource source =
        new PinnedSource("rows", InputKind.TABLE, "churn/rows", 0, "id", false, List.of(), 0);
    SparkContext sc = TestSpark.session().sparkContext();
    AtomicInteger jobs = new AtomicInteger();
    SparkListener counter =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
          }
        };
    try (AttemptSession session =
        attempts.open(
            "reader", List.of(new PinnedInput("in", "rows", source, null)), List.of(input))) {
      sc.listenerBus().waitUntilEmpty();
      sc.addSparkListener(counter);
      List<GateReport> reports = session.auditInputs();
      sc.listenerBus().waitUntilEmpty();
      return new Judged(jobs.get(), reports.get(0));
    } finally {
      sc.removeSparkListener(counter);
    }
  }
}
