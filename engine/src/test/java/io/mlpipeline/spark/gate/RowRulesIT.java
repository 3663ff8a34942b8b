package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.testkit.TestSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Which rows break which rules, and that the rest passes. */
class RowRulesIT {

  /** Nulls, NaN, -0.0, quotes, other scripts, huge numbers; a map and a column with a dot. */
  private static final String ROWS =
      "select * from values"
          + " (1, 1L, 0.0D, float(0.1), 'a', '1', 'Oslo', 'ok', date'2024-01-01', 1),"
          + " (2, 1L, -0.0D, float(0.2), \"O'Brien\", '1', 'Oslo', '12', date'2024-01-02', 1),"
          + " (3, null, double('NaN'), null, 'ИÜ😀', '1', 'Rome', null, null, 2),"
          + " (4, 9007199254740993L, null, float('NaN'), null, '2', 'A', 'x', date'2023-01-01', 2),"
          + " (5, 5L, double('NaN'), float(0.1), '', '2', 'B', '7', date'2024-01-05', null),"
          + " (6, null, 6.5D, float(6), '  ', null, 'C', null, date'2024-01-06', null),"
          + " (7, 7L, double('Infinity'), float(7), '\"q\"', '3', null, '3', date'2024-01-07', 9)"
          + " as t(id, k, x, f, t, zip, city, code, day, `a.b`)";

  /** Rule ~ ids of the rows that break it. */
  private static final List<String> RULES =
      List.of(
          "IsComplete \"k\" ~ 3 6",
          "IsComplete \"a.b\" ~ 5 6",
          "Completeness \"k\" >= 0.5 ~ 3 6",
          "IsComplete \"k\" where \"t = 'ИÜ😀'\" ~ 3",
          "IsUnique \"k\" ~ 1 2",
          "IsUnique \"x\" ~ 1 2 3 5",
          "IsUnique \"zip\" \"city\" ~ 1 2",
          "IsUnique \"k\" where \"id > 1\" ~",
          "Uniqueness \"a.b\" > 0.1 ~ 1 2 3 4",
          "UniqueValueRatio \"zip\" > 0.1 ~ 1 2 3 4 5",
          "IsPrimaryKey \"k\" ~ 1 2 3 6",
          "IsPrimaryKey \"id\" \"zip\" ~ 6",
          "DuplicateRowCount \"zip\" \"city\" = 0 ~ 1 2",
          "DuplicateRowCount = 0 ~",
          "ColumnValues \"k\" > 1 ~ 1 2 3 6",
          "ColumnValues \"k\" <= 9007199254740992 ~ 3 6",
          "ColumnValues \"x\" >= 0 ~ 3 4 5",
          "ColumnValues \"x\" < 100 ~ 3 4 5 7",
          "ColumnValues \"f\" > 0.1 ~ 1 3 4 5",
          "ColumnValues \"f\" >= 0.10000000001 ~ 1 3 4 5",
          "ColumnValues \"k\" between 0 and 6 ~ 3 4 6 7",
          "ColumnValues \"k\" not between 0 and 6 ~ 1 2 3 5 6",
          "ColumnValues \"k\" in [1, 5, NULL] ~ 4 7",
          "ColumnValues \"x\" != 6.5 ~ 3 5 6",
          "ColumnValues \"k\" != NULL ~ 3 6",
          "ColumnValues \"t\" in [\"O'Brien\", \"ИÜ😀\", NULL] ~ 1 5 6 7",
          "ColumnValues \"t\" not in [EMPTY, WHITESPACES_ONLY, NULL] ~ 4 5 6",
          "ColumnValues \"t\" != \"a\" ~ 1",
          "ColumnValues \"t\" matches \"a|O'.*\" ~ 3 4 5 6 7",
          "ColumnValues \"t\" not matches \"a|O'.*\" ~ 1 2 4",
          "ColumnValues \"day\" >= \"2024-01-01\" ~ 3 4",
          "ColumnValues \"day\" >= \"2024-01-01\" with threshold > 0.1 ~ 3 4",
          "ColumnLength \"t\" > 0 ~ 5",
          "ColumnLength \"t\" between 0 and 4 ~ 2 5",
          "ColumnLength \"t\" != 1 ~ 1",
          "ColumnLength \"t\" in [1, 7] ~ 3 4 5 6 7",
          "ColumnDataType \"code\" = \"Integer\" ~ 1 3 4 6",
          "Satisfies \"k > 0 and t != 'a'\" ~ 1 3 4 6",
          "Satisfies \"x = 0\" where \"id < 3\" ~",
          "Satisfies \"t <> 'O\\'Brien'\" with threshold >= 0.5 ~ 2 4",
          "FunctionalDependency \"zip\" \"city\" ~ 3 4 5",
          "FunctionalDependency \"zip\" \"city\" >= 0.1 where \"id != 3\" ~ 4 5",
          "FunctionalDependency \"a.b\" \"k\" ~ 3 4",
          "ReferentialIntegrity \"k\" \"keys.k\" >= 0.5 ~ 3 4 6 7",
          "ReferentialIntegrity \"id,k\" \"keys.{id,k}\" >= 0.1 where \"k is not null\" ~ 2 4 7",
          "(IsComplete \"k\") and (ColumnLength \"t\" > 0) ~ 3 5 6",
          "(IsComplete \"k\") or (IsComplete \"x\") ~",
          "(IsComplete \"k\") or (IsComplete \"zip\") ~ 6",
          "((IsUnique \"k\") or (IsComplete \"zip\")) and (IsComplete \"t\") ~ 4",
          "IsComplete \"nope\" ~",
          "Satisfies \"nope > 1\" ~",
          "IsComplete \"id\" where \"sum(id) > 1\" ~",
          "ReferentialIntegrity \"k\" \"gone.k\" >= 0.5 ~");

  private static final GateContext KEYS =
      new OtherRows(
          Map.of("keys", "select * from values (1, 1L), (5, 5L), (5, 5L), (6, null) as t(id, k)"));

  @Test
  void marksTheRowsThatBreakARuleAndLeavesOnesThatPass() {
    Dataset<Row> rows = TestSpark.session().sql(ROWS);
    List<GateRule> rules = new ArrayList<>();
    RULES.forEach(line -> rules.add(rule("r" + rules.size(), line.split(" ~")[0])));
    Dataset<Row> marked = RowRules.mark(rows, rules, KEYS);
    List<Row> found = Small.interpreted(TestSpark.session(), marked::collectAsList);
    assertThat(found).hasSize(7);
    assertThat(marked.columns())
        .containsExactlyElementsOf(
            java.util.stream.Stream.concat(
                    Arrays.stream(rows.columns()), java.util.stream.Stream.of("_rules"))
                .toList());
    Map<String, TreeSet<Integer>> broken = new LinkedHashMap<>();
    for (Row row : found) {
      List<String> ids = row.getList(row.fieldIndex("_rules"));
      assertThat(ids).isSortedAccordingTo(java.util.Comparator.comparing(RowRulesIT::number));
      ids.forEach(id -> broken.computeIfAbsent(id, x -> new TreeSet<>()).add(row.getInt(0)));
    }
    for (int i = 0; i < RULES.size(); i++) {
      String expected = RULES.get(i).replaceFirst(".* ~ ?", "");
      String actual =
          broken.getOrDefault("r" + i, new TreeSet<>()).toString().replaceAll("[\\[\\],]", "");
      assertThat(actual).as(RULES.get(i)).isEqualTo(expected);
    }
    thePlainJudgementAgrees(rows, rules, broken);
    theRestPasses(TestSpark.session().createDataFrame(found, marked.schema()), rules);
  }

  /** Without a bound on a share, a rule fails if and only if a row breaks it. */
  private static void thePlainJudgementAgrees(
      Dataset<Row> rows, List<GateRule> rules, Map<String, TreeSet<Integer>> broken) {
    GateReport report = Auditor.judge(rows, "t", new GateSpec(rules), KEYS);
    for (RuleOutcome outcome : report.outcomes()) {
      String text = outcome.rule().text();
      boolean isOfShare =
          Pattern.matches(".*(threshold|Completeness|Uniqueness|Ratio|Integ).*|.* >= 0.1.*", text);
      boolean isEvaluated = !String.valueOf(outcome.message()).contains("not evaluated");
      if (!isOfShare && isEvaluated) {
        assertThat(outcome.passed())
            .as(text + ": " + outcome.message())
            .isEqualTo(!broken.containsKey(outcome.rule().id()));
      }
    }
  }

  /** Every rule is judged without the rows that break it, in one judging of them all. */
  private static void theRestPasses(Dataset<Row> marked, List<GateRule> rules) {
    List<GateRule> rest = new ArrayList<>();
    for (GateRule rule : rules) {
      String unmarked = "not array_contains(_rules, '" + rule.id() + "')";
      rest.add(rule(rule.id(), among(rule.text(), unmarked)));
    }
    GateReport report = Auditor.judge(marked, "t", new GateSpec(rest), KEYS);
    int judged = 0;
    for (RuleOutcome outcome : report.outcomes()) {
      if (!String.valueOf(outcome.message()).contains("not evaluated")) {
        assertThat(outcome.message()).as(outcome.rule().text()).isNull();
        judged++;
      }
    }
    assertThat(judged).as("unknown columns and references, and nothing else").isEqualTo(48);
  }

  private static String among(String text, String unmarked) {
    if (text.startsWith("(")) {
      return text.replaceAll("\"\\)|(> 0)\\)", "$0 ")
          .replaceAll("(\"|> 0)\\) ", "$1 where \"" + unmarked + "\")");
    }
    return text.contains(" where \"")
        ? text.replace(" where \"", " where \"" + unmarked + " and ")
        : text.replaceFirst("(?= with threshold|$)", " where \"" + unmarked + "\"");
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(1));
  }

  private static GateRule rule(String id, String text) {
    return new GateRule(id, Severity.QUARANTINE, text, SourceLocation.UNKNOWN);
  }
}
