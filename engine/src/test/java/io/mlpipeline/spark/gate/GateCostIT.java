package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.testkit.TestSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;

/** What a gate is said to cost is how often its rows are really read. */
class GateCostIT {

  private static final StructType COLUMNS = StructType.fromDDL("id BIGINT, x DOUBLE, name STRING");
  private static final GateContext OTHERS =
      new OtherRows(Map.of("others", "select id, id / 2D as x from range(10)"));

  private static final FileStatistics STATISTICS =
      FileStatistics.of(
          COLUMNS,
          List.of(),
          List.of(
              new DataFile(
                  "f.parquet",
                  new TreeMap<>(),
                  1,
                  1,
                  10,
                  "{\"numRecords\":10,\"minValues\":{\"id\":0},\"maxValues\":{\"id\":9},"
                      + "\"nullCount\":{\"id\":0,\"x\":0,\"name\":0}}")));

  /** Rows that say how often somebody began to read them. */
  private record Watched(Dataset<Row> rows, LongAccumulator begun) {

    static Watched open() {
      LongAccumulator begun = TestSpark.session().sparkContext().longAccumulator();
      JavaRDD<Row> rows =
          new JavaSparkContext(TestSpark.session().sparkContext())
              .parallelize(
                  IntStream.range(0, 10)
                      .mapToObj(i -> RowFactory.create((long) i, i / 2D, "n" + i))
                      .toList(),
                  1)
              .mapPartitions(
                  all -> {
                    begun.add(1);
                    return all;
                  });
      return new Watched(TestSpark.session().createDataFrame(rows, COLUMNS), begun);
    }
  }

  private static GateCost agrees(Severity severity, String... texts) {
    List<GateRule> rules = new ArrayList<>();
    for (String text : texts) {
      rules.add(new GateRule("r" + rules.size(), severity, text, SourceLocation.UNKNOWN));
    }
    GateSpec gate = new GateSpec(rules);
    Watched watched = Watched.open();
    Trial trial = Trial.of(watched.rows(), STATISTICS, Gauges.Size.MANY, gate, OTHERS, Vital.NONE);
    assertThat(trial.outcomes())
        .extracting(RuleOutcome::message)
        .filteredOn(Objects::nonNull)
        .as("rules that were not judged")
        .noneMatch(message -> message.contains("not evaluated"));
    GateCost cost = GateCost.of(gate, COLUMNS, GateCost.Scanned.INPUT);
    assertThat(cost.passes()).as(cost.text()).isEqualTo(watched.begun().value().intValue());
    return cost;
  }

  @Test
  void whatStatisticsAnswerReadsNothing() {
    GateCost cost =
        agrees(
            Severity.BLOCK,
            "RowCount = 10",
            "IsComplete \"id\"",
            "ColumnValues \"id\" between -1 and 10",
            "SchemaMatch \"others\" > 0.5",
            "DetectAnomalies \"RowCount\"",
            "DetectAnomalies \"Maximum\" \"id\"",
            "DetectAnomalies \"ColumnCount\"");
    assertThat(cost.passes()).isZero();
  }

  @Test
  void whatTheScanAnswersIsOnePass() {
    GateCost cost =
        agrees(
            Severity.BLOCK,
            "ColumnValues \"x\" >= 0",
            "ColumnLength \"name\" between 1 and 9",
            "Satisfies \"x <= id\"",
            "Quantile \"x\" \"0.5\" < 9",
            "Mean \"x\" > 0",
            "AggregateMatch \"sum(id)\" \"sum(x)\" > 0",
            "IsComplete \"x\" where \"id > 3\"",
            "DetectAnomalies \"Mean\" \"x\"",
            "DetectAnomalies \"Quantile\" \"x\" \"0.9\"");
    assertThat(cost.passes()).isEqualTo(1);
  }

  @Test
  void rulesThatGroupShareTheirPassByColumnsAndFilter() {
    GateCost cost =
        agrees(
            Severity.BLOCK,
            "IsUnique \"id\"",
            "DetectAnomalies \"Uniqueness\" \"ID\"",
            "IsPrimaryKey \"id\" \"name\"",
            "Entropy \"name\" > 0 where \"id > 3\"",
            "FunctionalDependency \"id\" \"name\"",
            "FunctionalDependency \"ID\" \"name\" >= 0.5",
            "FunctionalDependency \"id\" \"x\"");
    assertThat(cost.passes())
        .as("three groupings, the filter's rows, two dependencies")
        .isEqualTo(6);
  }

  @Test
  void driftReadsRowsOnceAndOtherRulesEachForItself() {
    GateCost cost =
        agrees(
            Severity.BLOCK,
            "Drift \"x\" <= 0.2",
            "Drift \"id\" \"previous\" <= 0.2",
            "NewCategories \"name\" = 0",
            "VanishedCategories \"name\" = 0",
            "CustomSql \"select count(*) from primary\" > 1",
            "ReferentialIntegrity \"id\" \"others.id\" >= 1.0",
            "DatasetMatch \"others\" \"id\" \"x\" >= 1.0");
    assertThat(cost.passes()).isEqualTo(4);
  }

  @Test
  void joinedQuarantineRulesAreCountedByRows() {
    GateCost cost =
        agrees(
            Severity.QUARANTINE,
            "(IsComplete \"id\") or (ColumnValues \"x\" > 3)",
            "(IsComplete \"id\") and (ColumnValues \"x\" >= 0)");
    assertThat(cost.passes()).isEqualTo(2);
  }
}
