package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class GateCostTest {

  private static final StructType COLUMNS =
      StructType.fromDDL("id BIGINT, x DOUBLE, day DATE, name STRING");

  private static GateCost of(GateCost.Scanned what, String... rules) {
    List<GateRule> all = new ArrayList<>();
    for (String rule : rules) {
      all.add(new GateRule(rule, Severity.BLOCK, rule, SourceLocation.UNKNOWN));
    }
    return GateCost.of(new GateSpec(all), COLUMNS, what);
  }

  @Test
  void rulesOfStatisticsCostAnInputNothingAndAnOutputItsDigest() {
    String[] rules = {
      "RowCount > 1",
      "IsComplete \"id\"",
      "Completeness \"x\" > 0.5",
      "ColumnValues \"id\" >= 0",
      "ColumnValues \"id\" between 0 and 9",
      "ColumnValues \"day\" > \"2024-01-01\"",
      "(RowCount > 1) and (IsComplete \"name\")",
      "ColumnCount = 4"
    };
    assertThat(of(GateCost.Scanned.INPUT, rules).text()).isEqualTo("8 rules: 8 from statistics");
    assertThat(of(GateCost.Scanned.INPUT, rules).passes()).isZero();
    assertThat(of(GateCost.Scanned.OUTPUT, rules).text())
        .isEqualTo("8 rules: 8 from statistics, 1 scan");
  }

  @Test
  void whatStatisticsCannotAnswerIsScannedOnce() {
    GateCost cost =
        of(
            GateCost.Scanned.INPUT,
            "RowCount > 1 where \"id > 3\"",
            "ColumnValues \"x\" >= 0",
            "ColumnValues \"id\" = 3",
            "(RowCount > 1) and (Mean \"x\" > 0)",
            "ColumnValues \"name\" in [\"a\"]");
    assertThat(cost.text()).isEqualTo("5 rules: 1 scan");
  }

  @Test
  void groupingsAreSharedByColumnsAndFilterAndOtherRulesPassAlone() {
    GateCost cost =
        of(
            GateCost.Scanned.OUTPUT,
            "IsUnique \"id\"",
            "Uniqueness \"ID\" > 0.5",
            "IsUnique \"id\" where \"x > 1\"",
            "IsPrimaryKey \"id\" \"day\"",
            "CustomSql \"select count(*) from primary\" > 1",
            "CustomSql \"select 1 from primary\" > 0");
    assertThat(cost.text())
        .isEqualTo(
            "6 rules: 1 scan, 3 groupings by id; id where x > 1; id, day, 2 passes of CustomSql");
    assertThat(cost.passes()).isEqualTo(6);
  }

  @Test
  void everySixtyFourAggregatesAreAnotherScan() {
    String[] means =
        IntStream.range(0, 64).mapToObj(i -> "Mean \"c" + i + "\" > 0").toArray(String[]::new);
    assertThat(of(GateCost.Scanned.INPUT, means).scans()).as("a sum and a count each").isEqualTo(2);
    assertThat(of(GateCost.Scanned.OUTPUT, means).scans()).isEqualTo(3);
    String[] same = new String[200];
    Arrays.fill(same, "Mean \"x\" > 0");
    assertThat(of(GateCost.Scanned.INPUT, same).scans()).isEqualTo(1);
  }

  @Test
  void ruleThatDoesNotParseCostsNothing() {
    assertThat(of(GateCost.Scanned.INPUT, "Nonsense (").text())
        .isEqualTo("1 rule: nothing is read");
  }
}
