package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.Audited;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditorIT {

  private static final long FEW = 100;
  private static final long MANY = 1_000_000;

  /** A hundred rows; every tenth age is null, one x is NaN, codes are of lengths 2 and 3. */
  private static final String PEOPLE =
      "select id, cast(id % 10 as int) as k, if(id % 10 = 0, null, cast(id as int)) as age,"
          + " id / 100D as x, if(id = 7, double('NaN'), 1D) as odd, cast(0.1 as float) as f,"
          + " cast(id % 2 as decimal(10,2)) as amount,"
          + " if(id % 3 = 0, 'DE', if(id % 3 = 1, 'FR', 'USA')) as country,"
          + " if(id = 3, \"O'Brien\", concat('u', lpad(id, 4, '0'))) as name,"
          + " cast(null as int) as nothing, if(id < 50, '12', 'ab') as code,"
          + " if(id < 50, '31/12/2024', '31.12.2024') as written,"
          + " date_add(date'2024-01-01', cast(id as int)) as day,"
          + " current_timestamp() - make_interval(0,0,0,0,cast(id as int)) as ts,"
          + " id % 2 = 0 as ok, id + 1 as `a.b`, id as `with space` from range(100)";

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "RowCount = 100 ~ RowCount > 100 ~ 100",
        "RowCount = 10 where \"k = 3\" ~ RowCount > 10 where \"k = 3\" ~ 10",
        "RowCount = 0 where \"k = 33\" ~ RowCount > 0 where \"k = 33\" ~ 0",
        "RowCount > (100 + 50) / 2 ~ RowCount > (100 + 50) * 2 ~ 100",
        "RowCount between 99 and 101 ~ RowCount between 100 and 200 ~ 100",
        "ColumnCount = 17 ~ ColumnCount < 3 ~ 17",
        "ColumnExists \"age\" ~ ColumnExists \"Age\" ~ it is written \"age\"",
        "ColumnExists \"a.b\" ~ ColumnExists \"b\" ~ there is no such column",
        "ColumnNamesMatchPattern \"[a-z]\" ~ ColumnNamesMatchPattern \"^[a-w.]+$\" ~ x, country, day",
        "IsComplete \"id\" ~ IsComplete \"age\" ~ 10 of 100 values of \"age\" are null",
        "IsComplete \"age\" where \"k > 0\" ~ IsComplete \"age\" where \"k < 5\" ~ 10 of 50",
        "Completeness \"age\" >= 0.9 ~ Completeness \"age\" > 0.9 ~ 0.9",
        "Completeness \"a.b\" >= 1.0 ~ Completeness \"nothing\" > 0.5 ~ 0",
        "IsUnique \"id\" ~ IsUnique \"k\" ~ 0",
        "IsUnique \"k\" \"id\" ~ IsUnique \"k\" \"country\" ~ 0",
        "IsUnique \"a.b\" ~ IsUnique \"country\" where \"id < 4\" ~ 0.5",
        "Uniqueness \"id\" > 0.9 ~ Uniqueness \"country\" > 0.1 ~ 0",
        "Uniqueness \"id\" \"k\" > 0.9 ~ Uniqueness \"ok\" \"k\" > 0.1 ~ 0",
        "UniqueValueRatio \"id\" >= 1.0 ~ UniqueValueRatio \"k\" > 0.1 ~ 0",
        "IsPrimaryKey \"id\" ~ IsPrimaryKey \"age\" ~ 10 of 100 values of \"age\" are null",
        "IsPrimaryKey \"id\" \"k\" ~ IsPrimaryKey \"id\" \"age\" ~ 10 of 100 values of \"age\"",
        "DistinctValuesCount \"k\" = 10 ~ DistinctValuesCount \"age\" < 91 ~ 91",
        "DistinctValuesCount \"a.b\" = 100 ~ DistinctValuesCount \"nothing\" > 1 ~ 1",
        "Entropy \"country\" > 1 ~ Entropy \"country\" > 2 ~ 1.09",
        "DuplicateRowCount \"id\" = 0 ~ DuplicateRowCount \"k\" = 0 ~ 100",
        "DuplicateRowCount = 0 ~ DuplicateRowCount > 0 ~ 0",
        "Mean \"k\" = 4.5 ~ Mean \"k\" > 5 ~ 4.5",
        "Mean \"a.b\" = 50.5 ~ Mean \"k\" > 5 where \"k < 3\" ~ 1",
        "Sum \"k\" = 450 ~ Sum \"k\" > 1000 ~ 450",
        "StandardDeviation \"k\" between 2.8 and 2.9 ~ StandardDeviation \"k\" < 1 ~ 2.87",
        "ColumnCorrelation \"id\" \"x\" > 0.99 ~ ColumnCorrelation \"id\" \"k\" > 0.9 ~ 0.0",
        "ZerosCount \"k\" = 10 ~ ZerosCount \"k\" < 10 ~ 10",
        "Range \"k\" = 9 ~ Range \"k\" > 9 ~ 9",
        "InterquartileRange \"k\" < 10 ~ InterquartileRange \"k\" > 10 ~ 5",
        "Variance \"k\" < 10 ~ Variance \"k\" > 10 ~ 8.2",
        "Skewness \"k\" between -1 and 1 ~ Skewness \"k\" > 1 ~ 0",
        "Kurtosis \"k\" < 0 ~ Kurtosis \"k\" > 1 ~ -1.2",
        "ColumnLength \"country\" between 1 and 4 ~ ColumnLength \"country\" < 3 ~ 3",
        "ColumnLength \"country\" >= 2 ~ ColumnLength \"country\" > 2 ~ shortest has length 2",
        "ColumnLength \"code\" = 2 ~ ColumnLength \"country\" = 2 ~ longest has length 3",
        "ColumnLength \"country\" in [2, 3] ~ ColumnLength \"country\" in [2] ~ 33 of 100 rows",
        "ColumnLength \"country\" != 5 ~ ColumnLength \"country\" != 3 ~ 33 of 100 rows",
        "ColumnLength \"country\" not in [0, 4] ~ ColumnLength \"country\" not in [0, 3] ~ 33",
        "ColumnLength \"country\" not between 4 and 9 ~ ColumnLength \"country\" not between 2 and 4 ~ 33",
        "ColumnValues \"k\" >= 0 ~ ColumnValues \"k\" > 0 ~ the smallest is 0",
        "ColumnValues \"k\" < 10 ~ ColumnValues \"k\" <= 8 ~ the largest is 9",
        "ColumnValues \"age\" > 0 where \"k > 0\" ~ ColumnValues \"age\" > 0 ~ 10 of 100 values",
        "ColumnValues \"f\" = 0.1 ~ ColumnValues \"f\" > 0.1 ~ the smallest is 0.1",
        "ColumnValues \"amount\" in [0, 1] ~ ColumnValues \"amount\" = 1 ~ 50 of 100 rows",
        "ColumnValues \"k\" between -1 and 10 ~ ColumnValues \"k\" between 0 and 10 ~ 10 of 100",
        "ColumnValues \"k\" not between 9 and 20 ~ ColumnValues \"k\" not between 8 and 20 ~ 10",
        "ColumnValues \"k\" not in [10, 11] ~ ColumnValues \"k\" not in [1, 2] ~ 20 of 100",
        "ColumnValues \"k\" != 10 ~ ColumnValues \"k\" != 3 ~ 10 of 100",
        "ColumnValues \"nothing\" = NULL ~ ColumnValues \"age\" != NULL ~ 10 of 100",
        "ColumnValues \"nothing\" in [1, NULL] ~ ColumnValues \"nothing\" in [1] ~ 100 of 100",
        "ColumnValues \"odd\" < 2 where \"id < 5\" ~ ColumnValues \"odd\" >= 0 ~ 1 values are NaN",
        "ColumnValues \"odd\" != 3 where \"id < 5\" ~ ColumnValues \"odd\" != 3 ~ 1 of 100 rows",
        "ColumnValues \"country\" in [\"DE\", \"FR\", \"USA\"] ~ ColumnValues \"country\" in [\"DE\"] ~ 66",
        "ColumnValues \"name\" = \"O'Brien\" where \"id = 3\" ~ ColumnValues \"name\" != \"O'Brien\" ~ 1 of 100",
        "ColumnValues \"country\" not in [\"XX\", EMPTY, NULL, WHITESPACES_ONLY] ~ ColumnValues \"country\" = EMPTY ~ 100",
        "ColumnValues \"country\" matches \"DE|FR|USA\" ~ ColumnValues \"country\" matches \"DE|FR|US\" ~ 33",
        "ColumnValues \"name\" matches \"u\\d{4}|O'.*\" ~ ColumnValues \"name\" matches \"u\\d{4}\" ~ 1 of 100",
        "ColumnValues \"country\" not matches \"U\" ~ ColumnValues \"country\" not matches \"U.*\" ~ 33",
        "ColumnValues \"day\" >= \"2024-01-01\" ~ ColumnValues \"day\" > \"2024-01-01\" ~ 1 of 100",
        "ColumnValues \"day\" > \"2024-01-01\" with threshold > 0.9 ~ ColumnValues \"day\" > \"2024-02-20\" with threshold > 0.9 ~ 51 of 100",
        "ColumnValues \"day\" between \"2023-01-01\" and \"2025-01-01\" ~ ColumnValues \"day\" in [\"2024-01-01\", \"2024-01-02\"] ~ 98",
        "ColumnDataType \"code\" = \"Integer\" with threshold >= 0.5 ~ ColumnDataType \"code\" = \"Integer\" ~ 50 of 100",
        "ColumnDataType \"written\" = \"Date\" with format = \"dd/MM/yyyy\" with threshold >= 0.5 ~ ColumnDataType \"written\" = \"Date\" with format = \"dd/MM/yyyy\" ~ 50",
        "ColumnDataType \"name\" != \"Timestamp\" ~ ColumnDataType \"k\" != \"Decimal(10,2)\" ~ 100 of 100",
        "DataFreshness \"ts\" <= 2 days where \"id < 3\" ~ DataFreshness \"ts\" <= 2 days ~ 51 of 100",
        "DataFreshness \"ts\" < 2401 hours ~ DataFreshness \"ts\" > 90 minutes ~ 2 of 100",
        "CustomSql \"select count(*) from primary\" = 100 ~ CustomSql \"select max(k) from primary\" > 9 ~ 9",
        "CustomSql \"select percentile_approx(x, 0.5) from primary\" > 0.4 ~ CustomSql \"select avg(if(k < 5, 1, 0)) from primary\" >= 0.9 ~ 0.5",
        "CustomSql \"select count(*) > 5 from primary\" = 1 ~ CustomSql \"select 'abc' from primary limit 1\" = 0 ~ string, not a number",
        "CustomSql \"select 1 as `a.b`\" = 1 ~ CustomSql \"select max(nothing) from primary\" = 0 ~ gives null",
        "CustomSql \"select 1\" = 1 ~ CustomSql \"select id from primary\" > 0 ~ several rows",
        "CustomSql \"select 1\" = 1 ~ CustomSql \"select 1 where false\" > 0 ~ no row",
        "CustomSql \"select 1\" = 1 ~ CustomSql \"select 1, 2\" > 0 ~ 2 columns",
        "(RowCount > 10) and (IsComplete \"id\") ~ (RowCount > 10) and (IsComplete \"age\") ~ IsComplete \"age\": 10 of",
        "(RowCount > 1000) or (IsUnique \"id\") ~ (RowCount > 1000) or (IsUnique \"k\") ~ RowCount > 1000: 100; IsUnique \"k\": 0",
        "Mean \"with space\" > 1 ~ Mean \"odd\" > 0 ~ not a number (NaN)",
      })
  void holdsWhereItShouldAndSaysWhereItDoesNot(String good, String bad, String words) {
    GateReport report = judge(PEOPLE, good, bad);
    RuleOutcome first = report.outcomes().get(0);
    RuleOutcome second = report.outcomes().get(1);
    assertThat(first.message()).isNull();
    assertThat(first.passed()).isTrue();
    assertThat(second.passed()).as(bad).isFalse();
    assertThat(second.message()).startsWith(bad + ": ").contains(words);
    assertThat(first.observed()).isNotEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.REJECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Completeness \"id\" >= 0.5",
        "IsComplete \"id\"",
        "IsUnique \"id\"",
        "UniqueValueRatio \"id\" >= 0.1",
        "DistinctValuesCount \"id\" >= 0",
        "DuplicateRowCount \"id\" = 0",
        "Entropy \"id\" >= 0",
        "Mean \"id\" >= 0",
        "ColumnValues \"id\" >= 0",
        "ColumnValues \"id\" not in [1]",
        "ColumnLength \"name\" > 0",
        "ColumnDataType \"name\" = \"Integer\"",
        "DataFreshness \"ts\" <= 3 days",
        "(IsComplete \"id\") and (RowCount >= 0)",
      })
  void nothingToJudgeIsNoPass(String rule) {
    RuleOutcome empty = judge(PEOPLE + " where id < 0", rule).outcomes().get(0);
    assertThat(empty.passed()).isFalse();
    assertThat(empty.message()).contains("not evaluated: there are no rows");
    if (!rule.startsWith("(")) {
      RuleOutcome filtered = judge(PEOPLE, rule + " where \"k = 33\"").outcomes().get(0);
      assertThat(filtered.passed()).isFalse();
      assertThat(filtered.message()).contains("not evaluated: no row matches the filter");
    }
  }

  @Test
  void rowCountsOfNothingAreCounts() {
    assertThat(judge(PEOPLE + " where id < 0", "RowCount = 0", "ColumnCount > 1").verdict())
        .isEqualTo(Verdict.PASS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mean \"nothing\" >= 0",
        "Sum \"nothing\" = 0",
        "ColumnValues \"nothing\" >= 0",
        "IsUnique \"nothing\"",
        "UniqueValueRatio \"nothing\" >= 0",
        "Entropy \"nothing\" >= 0",
      })
  void onlyNullsAreNoPass(String rule) {
    assertThat(judge(PEOPLE, rule).outcomes().get(0).message()).contains("every value is null");
  }

  @ParameterizedTest
  @ValueSource(longs = {FEW, MANY})
  void oneBadRuleLeavesTheOthersAlone(long size) {
    String[] bad = {
      "IsComplete \"agee\"",
      "Mean \"name\" > 1",
      "IsComplete \"id\" where \"nope > 1\"",
      "IsComplete \"id\" where \"sum(id) > 1\"",
      "IsUnique \"id\" where \"explode(array(1)) > 1\"",
      "Completeness \"id\" > 0.5 where \"raise_error('x') is null\"",
      "IsUnique \"id\" where \"raise_error('y') is null\"",
      "CustomSql \"select nope from primary\" = 1",
      "CustomSql \"select raise_error('z') from primary\" = 1",
      "RowCount > ",
      "Completeness \"id\" = 1.0",
      "SchemaMatch \"ref\" = 1.0",
    };
    List<String> rules = new ArrayList<>(Arrays.asList(bad));
    rules.addAll(
        List.of("RowCount = 100", "IsUnique \"id\"", "Mean \"k\" = 4.5", "IsComplete \"id\""));
    Audited audited = audit(PEOPLE, size, rules.toArray(new String[0]));
    List<RuleOutcome> outcomes = audited.gate().outcomes();
    for (int i = 0; i < rules.size(); i++) {
      RuleOutcome outcome = outcomes.get(i);
      assertThat(outcome.passed()).as(rules.get(i)).isEqualTo(i >= bad.length);
      assertThat(String.valueOf(outcome.message()))
          .doesNotContain("scala", "Exception", "org.apache", "java.", "\n");
    }
    assertThat(outcomes.get(0).message())
        .isEqualTo(
            "IsComplete \"agee\": not evaluated: there is no column \"agee\" (did you mean \"age\"?)");
    assertThat(outcomes.get(5).message()).endsWith(": not evaluated: it cannot be computed: x");
    assertThat(outcomes.get(6).message()).endsWith(": not evaluated: it cannot be computed: y");
    assertThat(audited.digest().rows()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {FEW, MANY})
  void digestsWhateverTheGateSays(long size) {
    String sql = "select id, cast(id as string) as t, array(id, null) as a from range(100)";
    Audited audited = audit(sql, size, "RowCount > 1000", "IsUnique \"a\"", "IsUnique \"t\"");
    assertThat(audited.digest()).isEqualTo(TableDigest.of(rows(sql)));
    assertThat(audited.schemaDigest()).hasSize(16);
    assertThat(audited.table().name()).isEqualTo("people");
    assertThat(audited.gate().outcomes())
        .extracting(RuleOutcome::passed)
        .containsExactly(false, true, true);
  }

  @Test
  void whatIsNotARulesFaultIsThrown(@TempDir Path dir) throws Exception {
    SparkSession session = TestSpark.session();
    String path = dir.resolve("t").toString();
    session.range(1000).coalesce(1).write().parquet(path);
    Dataset<Row> rows = session.read().parquet(path);
    try (var files = Files.newDirectoryStream(dir.resolve("t"), "part-*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(() -> Auditor.judge(rows, "t", gate("IsComplete \"id\""), GateContext.NONE))
        .rootCause()
        .isInstanceOf(java.io.FileNotFoundException.class);
  }

  @Test
  void severityDecides() {
    GateRule warn = new GateRule("w", Severity.WARN, "RowCount > 1000", SourceLocation.UNKNOWN);
    GateReport report =
        Auditor.judge(rows(PEOPLE), "people", new GateSpec(List.of(warn)), GateContext.NONE);
    assertThat(report.verdict()).isEqualTo(Verdict.WARN);
    assertThat(report.dataset()).isEqualTo("people");
    assertThat(report.outcomes().get(0).rule()).isEqualTo(warn);
    assertThat(Auditor.judge(rows(PEOPLE), "people", GateSpec.OPEN, GateContext.NONE).verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void observesByTheNamesOfTheLanguage() {
    GateReport report =
        judge(
            PEOPLE,
            "IsPrimaryKey \"id\" \"k\"",
            "RowCount > 1 where \"k = 1\"",
            "ColumnValues \"k\" >= 0",
            "(Mean \"k\" > 1) and (CustomSql \"select 3\" = 3)");
    assertThat(report.outcomes())
        .extracting(outcome -> outcome.observed().toString())
        .containsExactly(
            "{Column.id.Completeness=1.0, Column.k.Completeness=1.0, Dataset.*.RowCount=100.0, Multicolumn.id,k.Uniqueness=1.0}",
            "{Dataset.*.RowCount(where: k = 1)=10.0}",
            "{Column.k.Completeness=1.0, Column.k.Minimum=0.0}",
            "{Column.k.Mean=4.5, Dataset.*.CustomSQL(select 3)=3.0}");
  }

  @Test
  void leavesTheSessionsViewsAlone() {
    SparkSession session = TestSpark.session().newSession();
    session.range(3).createOrReplaceTempView("primary");
    Dataset<Row> rows = session.range(9).toDF();
    String rule = "CustomSql \"select count(*) from primary\" = 9";
    assertThat(Auditor.judge(rows, "t", gate(rule), GateContext.NONE).verdict())
        .isEqualTo(Verdict.PASS);
    assertThat(session.table("primary").count()).isEqualTo(3);
    session.catalog().dropTempView("primary");
    assertThat(Auditor.judge(rows, "t", gate(rule), GateContext.NONE).verdict())
        .isEqualTo(Verdict.PASS);
    assertThat(session.catalog().tableExists("primary")).isFalse();
  }

  @Test
  void twentyRulesAndTheDigestAreOneScanAndEachGroupingOneMore() throws Exception {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rules.add("ColumnValues \"k\" >= " + -i);
      rules.add("Mean \"x\" < " + (i + 1));
    }
    rules.add("DataFreshness \"ts\" < 3000 hours");
    rules.add("ColumnDataType \"k\" = \"Integer\"");
    assertThat(work(rules, MANY).queries()).isEqualTo(1);
    rules.add("IsUnique \"id\"");
    rules.add("DistinctValuesCount \"id\" = 100");
    rules.add("Uniqueness \"id\" > 0.5");
    assertThat(work(rules, MANY).queries()).isEqualTo(2);
    rules.add("IsUnique \"id\" where \"k > 3\"");
    rules.add("Entropy \"country\" > 0");
    assertThat(work(rules, MANY).queries()).isEqualTo(4);
    assertThat(work(List.of(), MANY).queries()).isEqualTo(1);
    assertThat(work(rules, FEW)).as("few rows are grouped on the way").isEqualTo(new Work(1, 1));
    assertThat(work(List.of(), FEW)).isEqualTo(new Work(1, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"id", "k", "age", "country", "nothing", "day", "amount", "x", "ok", "k\" \"age"})
  void groupingFewRowsFindsWhatSparkFinds(String columns) {
    List<String> rules = new ArrayList<>();
    for (String filter : List.of("", " where \"id < 35\"")) {
      rules.add("Uniqueness \"" + columns + "\" > 2" + filter);
      rules.add("DuplicateRowCount \"" + columns + "\" < 0" + filter);
      if (!columns.contains("\"")) {
        rules.add("Entropy \"" + columns + "\" > 99" + filter);
        rules.add("UniqueValueRatio \"" + columns + "\" > 2" + filter);
        rules.add("DistinctValuesCount \"" + columns + "\" < 0" + filter);
      }
    }
    GateReport few = audit(PEOPLE, FEW, rules.toArray(new String[0])).gate();
    GateReport many = audit(PEOPLE, MANY, rules.toArray(new String[0])).gate();
    for (int i = 0; i < rules.size(); i++) {
      var one = few.outcomes().get(i).observed();
      var other = many.outcomes().get(i).observed();
      assertThat(one.keySet()).as(rules.get(i)).isEqualTo(other.keySet());
      one.forEach((name, value) -> assertThat(value).isCloseTo(other.get(name), within(1e-12)));
    }
    assertThat(few.outcomes()).noneMatch(RuleOutcome::passed);
  }

  @Test
  void puttingTheSettingsBackLeavesNoTrace() {
    SparkSession session = TestSpark.session().newSession();
    session.conf().set("spark.sql.codegen.wholeStage", "true");
    Auditor.judge(
        session.range(9).toDF(),
        "t",
        gate("RowCount = 9", "IsComplete \"nope\""),
        GateContext.NONE);
    assertThat(session.conf().get("spark.sql.codegen.wholeStage")).isEqualTo("true");
    assertThat(session.conf().getAll().contains("spark.sql.codegen.factoryMode")).isFalse();
  }

  @Test
  void manyRulesRunInFewScansAndKeepTheirOrder() throws Exception {
    List<String> rules = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rules.add("RowCount > " + (i < 100 ? 0 : 1000) + " where \"id >= " + -i + "\"");
    }
    assertThat(work(rules, MANY).queries()).isEqualTo(4);
    GateReport report = audit(PEOPLE, MANY, rules.toArray(new String[0])).gate();
    assertThat(report.outcomes())
        .extracting(RuleOutcome::passed)
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, 200).mapToObj(i -> i < 100).toList());
  }

  private record Work(int queries, int jobs) {}

  private static Work work(List<String> rules, long size) throws Exception {
    AtomicInteger queries = new AtomicInteger();
    AtomicInteger jobs = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            jobs.incrementAndGet();
          }

          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof SparkListenerSQLExecutionStart) {
              queries.incrementAndGet();
            }
          }
        };
    var context = TestSpark.session().sparkContext();
    context.listenerBus().waitUntilEmpty();
    context.addSparkListener(listener);
    try {
      Audited audited = audit(PEOPLE, size, rules.toArray(new String[0]));
      assertThat(audited.digest().rows()).isEqualTo(100);
      context.listenerBus().waitUntilEmpty();
    } finally {
      context.removeSparkListener(listener);
    }
    return new Work(queries.get(), jobs.get());
  }

  private static Audited audit(String sql, long size, String... rules) {
    Dataset<Row> rows = rows(sql);
    DataFile file = new DataFile("part-0", new java.util.TreeMap<>(), 100, 0, size, null);
    StagedTable table =
        new StagedTable(
            "rows", "people", "p/people", "a1", rows.schema().json(), List.of(), List.of(file));
    OutputSpec output =
        new OutputSpec(
            "rows", "people", null, List.of(), List.of(), gate(rules), SourceLocation.UNKNOWN);
    return Auditor.audit(rows, table, output, GateContext.NONE);
  }

  private static GateReport judge(String sql, String... rules) {
    return Auditor.judge(rows(sql), "people", gate(rules), GateContext.NONE);
  }

  private static Dataset<Row> rows(String sql) {
    return TestSpark.session().sql(sql);
  }

  private static GateSpec gate(String... rules) {
    return new GateSpec(
        Arrays.stream(rules)
            .map(text -> new GateRule("r", Severity.BLOCK, text, SourceLocation.UNKNOWN))
            .toList());
  }
}
