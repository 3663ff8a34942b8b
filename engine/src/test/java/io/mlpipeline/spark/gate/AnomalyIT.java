package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.testkit.TestSpark;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Every metric that anomalies are looked for by, measured over real rows and judged by a past. */
class AnomalyIT {

  private static final Map<String, Double> MEASURED = new TreeMap<>();

  static {
    MEASURED.put("\"RowCount\" | Dataset.*.RowCount", 100.0);
    MEASURED.put("\"RowCount\" where \"k = 1\" | Dataset.*.RowCount(where: k = 1)", 10.0);
    MEASURED.put("\"ColumnCount\" | Dataset.*.ColumnCount", 4.0);
    MEASURED.put("\"DuplicateRowCount\" | Dataset.*.DuplicateRowCount", 0.0);
    MEASURED.put("\"Completeness\" \"age\" | Column.age.Completeness", 0.9);
    MEASURED.put("\"Uniqueness\" \"id\" \"k\" | Multicolumn.id,k.Uniqueness", 1.0);
    MEASURED.put("\"UniqueValueRatio\" \"k\" | Column.k.UniqueValueRatio", 0.0);
    MEASURED.put("\"DistinctValuesCount\" \"k\" | Column.k.DistinctValuesCount", 10.0);
    MEASURED.put("\"Entropy\" \"k\" | Column.k.Entropy", Math.log(10));
    MEASURED.put("\"Minimum\" \"age\" | Column.age.Minimum", 1.0);
    MEASURED.put("\"Maximum\" \"age\" | Column.age.Maximum", 99.0);
    MEASURED.put("\"Mean\" \"k\" | Column.k.Mean", 4.5);
    MEASURED.put("\"Sum\" \"k\" | Column.k.Sum", 450.0);
    MEASURED.put("\"StandardDeviation\" \"k\" | Column.k.StandardDeviation", Math.sqrt(8.25));
    MEASURED.put("\"Variance\" \"k\" | Column.k.Variance", 8.25);
    MEASURED.put("\"Skewness\" \"k\" | Column.k.Skewness", 0.0);
    MEASURED.put("\"Kurtosis\" \"k\" | Column.k.Kurtosis", -1.2242424242);
    MEASURED.put("\"Range\" \"k\" | Column.k.Range", 9.0);
    MEASURED.put("\"InterquartileRange\" \"k\" | Column.k.InterquartileRange", 5.0);
    MEASURED.put("\"ZerosCount\" \"k\" | Column.k.ZerosCount", 10.0);
    MEASURED.put("\"Quantile\" \"id\" \"0.5\" | Column.id.Quantile(0.5)", 49.0);
    MEASURED.put("\"ColumnCorrelation\" \"id\" \"x\" | Multicolumn.id,x.ColumnCorrelation", 1.0);
  }

  private static GateReport judge(String sql, List<Measurement> past, Stream<String> rules) {
    Dataset<Row> rows = TestSpark.session().sql(sql);
    List<GateRule> gate =
        rules.map(r -> new GateRule(r, Severity.BLOCK, r, SourceLocation.UNKNOWN)).toList();
    GateContext context = PastOperandsTest.context(past);
    return Auditor.judge(rows, "people", new GateSpec(gate), context);
  }

  private static final String PEOPLE =
      "select id, id % 10 as k, if(id % 10 = 0, null, id) as age, id / 100D as x from range(100)";

  private static Stream<String> rules(String tags) {
    return MEASURED.keySet().stream()
        .map(key -> "DetectAnomalies " + key.substring(0, key.indexOf(" | ")) + tags);
  }

  private static Measurement point(String content, double shift) {
    TreeMap<String, Double> metrics = new TreeMap<>();
    MEASURED.forEach(
        (key, value) -> metrics.put(key.substring(key.indexOf(" | ") + 3), value + shift));
    return new Measurement("p", "people", "r", "a", Instant.EPOCH, content, Verdict.PASS, metrics);
  }

  @Test
  void measuresEveryMetricByItsNameAndJudgesItByItsPast() {
    List<RuleOutcome> same =
        judge(PEOPLE, List.of(point("b", 0), point("a", 0)), rules("")).outcomes();
    List<String> keys = List.copyOf(MEASURED.keySet());
    for (int i = 0; i < keys.size(); i++) {
      RuleOutcome outcome = same.get(i);
      String name = keys.get(i).substring(keys.get(i).indexOf(" | ") + 3);
      assertThat(outcome.observed()).as(keys.get(i)).containsKeys(name, name + ".lower");
      assertThat(outcome.observed().get(name))
          .as(name)
          .isCloseTo(MEASURED.get(keys.get(i)), org.assertj.core.api.Assertions.within(1e-6));
      if (!name.endsWith("Skewness")) { // around nothing everything is odd
        assertThat(outcome.passed()).as(String.valueOf(outcome.message())).isTrue();
      }
    }
    String change = " with strategy = \"absolute-change\" with lower = -2 with upper = 2";
    assertThat(judge(PEOPLE, List.of(point("a", 7)), rules(change)).outcomes())
        .noneMatch(RuleOutcome::passed)
        .allMatch(outcome -> outcome.message().contains("expected from "));
  }

  @Test
  void whatCannotBeMeasuredFailsWhateverThePast() {
    String nothing = "select cast(null as int) as v, double('NaN') as n from range(5)";
    Stream<String> rules =
        Stream.of(
            "DetectAnomalies \"Mean\" \"v\"",
            "DetectAnomalies \"Quantile\" \"v\" \"0.5\"",
            "DetectAnomalies \"Mean\" \"n\"",
            "Mean \"v\" > avg(last(3))");
    assertThat(judge(nothing, List.of(), rules).outcomes())
        .noneMatch(RuleOutcome::passed)
        .extracting(RuleOutcome::message)
        .satisfiesExactly(
            m -> assertThat(m).contains("every value is null"),
            m -> assertThat(m).contains("every value is null"),
            m -> assertThat(m).contains("NaN"),
            m -> assertThat(m).contains("every value is null"));
  }
}
