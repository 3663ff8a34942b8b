package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mlpipeline.json.Samples;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lineage table as delta-spark sees it, and what we see after delta-spark worked on it. */
class LineageTableIT {

  private static final String RUN = "r20240601-020000-1f3a9c";

  @TempDir private Path directory;

  private final SparkSession spark = TestSpark.session();

  private static LineageEvent event(String run, int ordinal, Instant start) {
    GateRule rule = new GateRule("rows", Severity.WARN, "RowCount > 1", SourceLocation.UNKNOWN);
    return new LineageEvent(
        run + "/" + ordinal,
        LineageEvent.Kind.ATTEMPT,
        run,
        "churn",
        "local",
        "split",
        1,
        "failed",
        "params.seed 1 -> 2",
        "ab",
        List.of(
            new Ingredient(Ingredient.Kind.CODE, "", "c0de"),
            new Ingredient(Ingredient.Kind.PARAM, "seed", "2")),
        List.of(new LineageInput("rows", "events", "churn/events", 3, "c1:1:00", 1, 10)),
        List.of(
            new OutputVersion(
                OutputKind.TABLE,
                "train",
                "train_rows",
                "churn/train_rows",
                4,
                "c1:2:00",
                null,
                2,
                20,
                null)),
        new TreeMap<>(Map.of("auc", 0.75, "nan", Double.NaN)),
        List.of(
            GateReport.of(
                "train_rows",
                List.of(
                    new RuleOutcome(rule, false, "few", new TreeMap<>(Map.of("RowCount", 1.0)))))),
        ordinal == 0
            ? new FailureRecord(
                run,
                "churn",
                "split",
                "failed",
                ErrorType.STEP_FAILED,
                "boom",
                1,
                false,
                new TreeMap<>(Map.of("frame", "A.b")))
            : null,
        new TreeMap<>(Map.of("user", "ann")),
        start,
        start.plusMillis(1500));
  }

  @Test
  void deltaSparkReadsEveryNestedFieldAndPrunesByDate() {
    LineageTable table = new LineageTable(directory.toString(), new HadoopSettings());
    Instant start = Instant.parse("2024-06-01T02:00:00.123456Z");
    List<LineageEvent> events =
        List.of(
            event(RUN, 0, start), event(RUN, 1, start), event("r20240602-000000-000001", 0, start));
    assertThat(table.append(1, events)).isTrue();
    Dataset<Row> lineage = spark.read().format("delta").load(directory.toString());
    assertThat(lineage.count()).isEqualTo(3);
    assertThat(lineage.where("date = '2024-06-01'").count()).isEqualTo(2);
    assertThat(lineage.where("run_id = '" + RUN + "' and failure is not null").count()).isOne();
    Row row =
        lineage
            .where("failure.error_type = 'step-failed' and date = '2024-06-01'")
            .selectExpr(
                "inputs[0].identity",
                "outputs[0].name",
                "outputs[0].schema_digest",
                "metrics['auc']",
                "isnan(metrics['nan'])",
                "gates[0].outcomes[0].observed['RowCount']",
                "failure.diagnostics['frame']",
                "facts['user']",
                "code_digest",
                "params['seed']",
                "seconds",
                "unix_micros(started)",
                "ingredients[1].value",
                "attempt")
            .head();
    assertThat(row)
        .isEqualTo(
            org.apache.spark.sql.RowFactory.create(
                "c1:1:00",
                "train_rows",
                null,
                0.75,
                true,
                1.0,
                "A.b",
                "ann",
                "c0de",
                "2",
                1.5,
                1_717_207_200_123_456L,
                "2",
                1));
    assertThat(table.all()).containsExactlyInAnyOrderElementsOf(events);
    assertThat(table.run(RUN))
        .extracting(LineageEvent::id)
        .containsExactlyInAnyOrder(RUN + "/0", RUN + "/1");
  }

  @Test
  @Tag("faults")
  void whatDeltaSparkOptimizedOrDeletedIsReadAndFoldedOnto() {
    Samples samples = new Samples(11);
    MapObjectStore objects = new MapObjectStore();
    StoredLedger ledger =
        new StoredLedger(
            objects, () -> new LineageTable(directory.toString(), new HadoopSettings()));
    for (int i = 0; i < 4; i++) {
      ledger.record(new Receipt(RUN, i, List.of(samples.event(RUN, i))));
      ledger.fold();
    }
    List<LineageEvent> before = ledger.all();
    String table = "delta.`" + directory + "`";
    spark.sql("OPTIMIZE " + table);
    assertThat(ledger.all()).isEqualTo(before);
    ledger.record(
        new Receipt(
            RUN,
            2,
            List.of(before.stream().filter(e -> e.id().endsWith("/2")).findFirst().orElseThrow())));
    ledger.record(new Receipt(RUN, 9, List.of(samples.event(RUN, 9))));
    ledger.fold();
    assertThat(ledger.all()).hasSize(5).containsAll(before);
    assertThat(spark.sql("select count(*), count(distinct event_id) from " + table).head())
        .extracting(r -> r.getLong(0), r -> r.getLong(1))
        .isEqualTo(tuple(5L, 5L).toList());
    spark.sql("DELETE FROM " + table + " WHERE event_id = '" + RUN + "/0'");
    assertThat(ledger.all()).hasSize(4).noneMatch(e -> e.id().equals(RUN + "/0"));
  }
}
