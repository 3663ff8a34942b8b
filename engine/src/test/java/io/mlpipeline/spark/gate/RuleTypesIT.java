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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Every type of rule that a gate takes, once passing and once failing. */
class RuleTypesIT {

  private static final String ORDERS =
      "select id, id % 5 as k, cast(id as double) as x, if(id = 3, null, id) as n,"
          + " if(id % 2 = 0, 'a', 'bb') as t, cast(id % 5 as string) as zip,"
          + " case when id = 6 then 'Oslo' when id % 5 = 1 then 'Bergen' else 'Rome' end as city,"
          + " date_add(date'2024-01-01', cast(id as int)) as day, 0 as zero, id % 2 as odd"
          + " from range(20)";

  private static final String BEFORE =
      "select id % 5 as k, if(id % 2 = 0, 'a', 'c') as t from range(40)";

  private static final String CUSTOMERS =
      "select id as cust, id % 5 as k, cast(id as double) as x, cast(null as bigint) as nothing"
          + " from range(1, 20)";

  /** Passing ~ failing ~ what the failure says. */
  private static final List<String> RULES =
      List.of(
          "RowCount = 20 ~ RowCount > 20 ~ 20",
          "ColumnCount = 10 ~ ColumnCount = 9 ~ 10",
          "ColumnExists \"id\" ~ ColumnExists \"nope\" ~ no such column",
          "ColumnNamesMatchPattern \"^[a-z]+$\" ~ ColumnNamesMatchPattern \"^.$\" ~ id, zip",
          "IsComplete \"id\" ~ IsComplete \"n\" ~ 1 of 20",
          "Completeness \"n\" >= 0.95 ~ Completeness \"n\" > 0.95 ~ 0.95",
          "IsUnique \"id\" ~ IsUnique \"k\" ~ 0",
          "Uniqueness \"n\" >= 1.0 ~ Uniqueness \"k\" > 0.5 ~ 0",
          "UniqueValueRatio \"id\" >= 1.0 ~ UniqueValueRatio \"k\" > 0.5 ~ 0",
          "IsPrimaryKey \"id\" ~ IsPrimaryKey \"n\" ~ 1 of 20",
          "DistinctValuesCount \"k\" = 5 ~ DistinctValuesCount \"k\" > 5 ~ 5",
          "DuplicateRowCount \"id\" = 0 ~ DuplicateRowCount \"k\" < 20 ~ 20",
          "Entropy \"k\" > 1 ~ Entropy \"k\" > 2 ~ 1.6",
          "Mean \"k\" = 2 ~ Mean \"k\" > 2 ~ 2",
          "Sum \"k\" = 40 ~ Sum \"k\" > 40 ~ 40",
          "StandardDeviation \"k\" < 2 ~ StandardDeviation \"k\" > 2 ~ 1.4",
          "ColumnCorrelation \"id\" \"x\" > 0.99 ~ ColumnCorrelation \"id\" \"odd\" > 0.99 ~ 0.0",
          "ZerosCount \"zero\" = 20 ~ ZerosCount \"k\" > 4 ~ 4",
          "Range \"k\" = 4 ~ Range \"k\" > 4 ~ 4",
          "InterquartileRange \"k\" <= 2 ~ InterquartileRange \"k\" > 2 ~ 2",
          "Variance \"k\" = 2 ~ Variance \"k\" > 2 ~ 2",
          "Skewness \"k\" < 1 ~ Skewness \"k\" > 1 ~ 0",
          "Kurtosis \"k\" < 0 ~ Kurtosis \"k\" > 0 ~ -1.3",
          "ColumnLength \"t\" between 0 and 3 ~ ColumnLength \"t\" = 1 ~ length 2",
          "ColumnValues \"k\" between -1 and 5 ~ ColumnValues \"k\" < 4 ~ the largest is 4",
          "ColumnDataType \"zip\" = \"Integer\" ~ ColumnDataType \"t\" = \"Date\" ~ 20 of 20",
          "DataFreshness \"day\" > 1 days ~ DataFreshness \"day\" < 1 days ~ 20 of 20",
          "CustomSql \"select max(k) from primary\" = 4 ~ CustomSql \"select 1\" = 2 ~ 1",
          "CustomSql \"select count(*) from primary join customers c on id = c.cust\" = 19"
              + " ~ CustomSql \"select max(cust) from customers\" > 19 ~ 19",
          "CustomSql \"select count(*) from customers\" = 19"
              + " ~ CustomSql \"select count(*) from secrets\" > 0 ~ no dataset \"secrets\"",
          "Satisfies \"t in ('a', 'bb') and k < 5\" ~ Satisfies \"n >= 0\" ~ 1 of 20 rows",
          "Satisfies \"n >= 0\" with threshold >= 0.95"
              + " ~ Satisfies \"n >= 0\" with threshold > 0.95 ~ 1 of 20 rows",
          "Satisfies \"n >= 0\" where \"id != 3\" ~ Satisfies \"k\" ~ cannot be computed",
          "FunctionalDependency \"id\" \"t\" ~ FunctionalDependency \"zip\" \"city\" ~ 1 of 20 rows",
          "FunctionalDependency \"zip\" \"city\" >= 0.95"
              + " ~ FunctionalDependency \"zip\" \"city\" = 1.0 ~ 1 of 20 rows differ",
          "FunctionalDependency \"zip\" \"odd\" \"t\" ~ FunctionalDependency \"zip\" \"t\" ~ 20 of 20",
          "FunctionalDependency \"zip\" \"city\" where \"id != 6\""
              + " ~ FunctionalDependency \"n\" \"id\" where \"n is null\" ~ null in a column",
          "Quantile \"x\" \"0.5\" between 8 and 11 ~ Quantile \"x\" \"1\" < 19 ~ 19",
          "RowCountMatch \"customers\" >= 1.0 ~ RowCountMatch \"customers\" = 1.0 ~ 20 rows here, 19",
          "RowCountMatch \"customers\" > 1.05 ~ RowCountMatch \"empty\" > 0 ~ has no rows",
          "ReferentialIntegrity \"id\" \"customers.cust\" >= 0.95"
              + " ~ ReferentialIntegrity \"id\" \"customers.cust\" = 1.0 ~ 1 of 20 rows have no",
          "ReferentialIntegrity \"id,k\" \"customers.{cust,k}\" = 1.0 where \"id > 0\""
              + " ~ ReferentialIntegrity \"id\" \"nowhere.id\" > 0 ~ no dataset \"nowhere\"",
          "ReferentialIntegrity \"k\" \"customers.k\" = 1.0"
              + " ~ ReferentialIntegrity \"t\" \"customers.k\" > 0 ~ cannot be compared",
          "ReferentialIntegrity \"n\" \"customers.cust\" >= 0.9"
              + " ~ ReferentialIntegrity \"n\" \"customers.cust\" >= 0.91 ~ 2 of 20",
          "DatasetMatch \"customers\" \"id->cust\" \"k,x\" >= 0.95"
              + " ~ DatasetMatch \"customers\" \"id->cust\" = 1.0 ~ 19 rows are the same, of 20",
          "DatasetMatch \"orders\" \"id\" = 1.0 ~ DatasetMatch \"orders\" \"k\" \"t\" > 0 ~ 0 rows",
          "SchemaMatch \"orders\" = 1.0"
              + " ~ SchemaMatch \"customers\" > 0.5 ~ \"city\" is string here and missing in",
          "AggregateMatch \"sum(k)\" \"sum(customers.k)\" = 1.0"
              + " ~ AggregateMatch \"avg(x)\" \"avg(customers.x)\" >= 1.0 ~ 9.5 here, 10 on",
          "AggregateMatch \"sum(id)\" \"sum(x)\" = 1.0"
              + " ~ AggregateMatch \"sum(zero)\" \"sum(customers.nothing)\" >= 0 ~ is null",
          "DetectAnomalies \"Mean\" \"k\" ~ DetectAnomalies \"RowCount\" ~ 20, expected from 22.5 to 67.5",
          "RowCount > last() * 0.4 ~ RowCount > avg(last(10)) ~ 20",
          "Drift \"k\" <= 0.2 ~ Drift \"t\" \"previous\" <= 0.1 ~ 0.5 from previous",
          "Drift \"k\" <= 0.01 with method = \"ks\""
              + " ~ Drift \"t\" <= 0.1 with method = \"js\" ~ from previous",
          "NewCategories \"k\" = 0 ~ NewCategories \"t\" \"previous\" = 0 ~ \"bb\"",
          "VanishedCategories \"k\" = 0 ~ VanishedCategories \"t\" < 1 ~ \"c\"",
          "(IsComplete \"n\") or (IsUnique \"id\") ~ (IsComplete \"n\") and (IsUnique \"id\") ~ 1 of");

  private static final GateContext OTHERS =
      new OtherRows(
          Map.of(
              "customers",
              CUSTOMERS,
              "orders",
              ORDERS,
              "empty",
              CUSTOMERS + " where id < 0",
              "previous",
              BEFORE),
          List.of(point("b"), point("a")));

  @Test
  void everyTypePassesAndFailsWhereItShould() {
    List<String> texts = new ArrayList<>();
    RULES.forEach(line -> texts.addAll(List.of(line.split(" ~ ")).subList(0, 2)));
    SparkSession session = TestSpark.session();
    GateReport report = Auditor.judge(local(ORDERS), "orders", gate(texts), OTHERS);
    for (int i = 0; i < RULES.size(); i++) {
      RuleOutcome good = report.outcomes().get(2 * i);
      RuleOutcome bad = report.outcomes().get(2 * i + 1);
      assertThat(good.message()).as(good.rule().text()).isNull();
      assertThat(good.observed()).as(good.rule().text()).isNotEmpty();
      assertThat(bad.passed()).as(bad.rule().text()).isFalse();
      assertThat(bad.message())
          .contains(RULES.get(i).split(" ~ ")[2])
          .doesNotContain("Exception", "org.apache", "scala");
    }
    assertThat(session.catalog().tableExists("customers")).as("views are dropped").isFalse();
  }

  @Test
  void everyTypeIsTestedAndToldInTheGuide() throws Exception {
    SortedSet<String> tested = new TreeSet<>();
    for (String line : RULES) {
      Matcher type = Pattern.compile("\\(*(\\w+)").matcher(line);
      assertThat(type.lookingAt()).isTrue();
      tested.add(type.group(1));
    }
    SortedSet<String> told = new TreeSet<>();
    String guide = Files.readString(Path.of("..", "docs", "gates-rules.md"));
    Matcher row = Pattern.compile("(?m)^\\| `(\\w+)` \\|").matcher(guide);
    while (row.find()) {
      told.add(row.group(1));
    }
    assertThat(tested).isEqualTo(RuleTypes.accepted());
    assertThat(told).isEqualTo(RuleTypes.accepted());
  }

  @Test
  void theGuideTellsWhichRulesBlameRows() throws Exception {
    for (String line : Files.readAllLines(Path.of("..", "docs", "gates-rules.md"))) {
      Matcher row = Pattern.compile("\\| `(\\w+)` \\|.*\\| (yes|no) \\|").matcher(line);
      if (row.matches()) {
        assertThat("yes".equals(row.group(2)))
            .as(line)
            .isEqualTo(RowLevel.TYPES.contains(row.group(1)));
      }
    }
  }

  private static Measurement point(String content) {
    SortedMap<String, Double> metrics =
        new TreeMap<>(Map.of("Column.k.Mean", 2.0, "Dataset.*.RowCount", 45.0));
    return new Measurement("p", "orders", "r", "a", Instant.EPOCH, content, Verdict.PASS, metrics);
  }

  private static Dataset<Row> local(String sql) {
    return TestSpark.session().sql(sql);
  }

  private static GateSpec gate(List<String> rules) {
    return new GateSpec(
        rules.stream()
            .map(text -> new GateRule(text, Severity.BLOCK, text, SourceLocation.UNKNOWN))
            .toList());
  }
}
