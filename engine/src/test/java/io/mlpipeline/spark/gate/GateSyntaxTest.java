package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateSyntaxTest {

  private static final StructType COLUMNS =
      StructType.fromDDL(
          "id bigint, age int, x double, name string, day date, ts timestamp, ok boolean,"
              + " tags array<string>, attrs map<string,int>, `a.b` int");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RowCount > 1000",
        "RowCount = 5",
        "RowCount between 1 and 10 where \"age > 3\"",
        "RowCount > (100 + 50) / 2",
        "ColumnCount = 15",
        "ColumnExists \"id\"",
        "ColumnNamesMatchPattern \"[a-z.]+\"",
        "IsComplete \"id\"",
        "Completeness \"age\" >= 1.0",
        "Completeness \"age\" > 0.95 where \"id > 3 and name like 'a%'\"",
        "IsUnique \"id\"",
        "IsUnique \"id\" \"age\"",
        "Uniqueness \"id\" \"age\" >= 0.99",
        "UniqueValueRatio \"id\" >= 1.0",
        "IsPrimaryKey \"id\" \"age\"",
        "DistinctValuesCount \"age\" = 10",
        "Entropy \"age\" > 1",
        "Mean \"x\" between -0.4 and 0.6",
        "Sum \"age\" = 4500",
        "StandardDeviation \"x\" < 1",
        "ColumnCorrelation \"x\" \"age\" > 0.9",
        "ColumnLength \"name\" between 1 and 20",
        "ColumnLength \"name\" not in [0, 3]",
        "ColumnValues \"age\" >= 0",
        "ColumnValues \"age\" in [1, 2, NULL]",
        "ColumnValues \"age\" = NULL",
        "ColumnValues \"ok\" != NULL",
        "ColumnValues \"name\" in [\"DE\", \"O'Brien\", NULL, EMPTY]",
        "ColumnValues \"name\" matches \"u\\d{4}|x\"",
        "ColumnValues \"day\" > \"2024-01-01\" with threshold > 0.5",
        "ColumnDataType \"name\" = \"Integer\" with threshold >= 0.9",
        "ColumnDataType \"name\" = \"Decimal(10, 2)\"",
        "ColumnDataType \"name\" = \"Date\" with format = \"dd/MM/yyyy\"",
        "DataFreshness \"ts\" <= 72 hours",
        "CustomSql \"select count(*) from primary\" = 1000",
        "CustomSql \"with t as (select age from primary) select max(age) from t\" < 99",
        "(RowCount > 10) and (IsComplete \"id\")",
        "(RowCount > 10) or ((IsComplete \"id\") and (IsUnique \"id\"))",
        "ZerosCount \"age\" = 100",
        "Range \"x\" < 9",
        "InterquartileRange \"x\" < 10",
        "Variance \"x\" < 10",
        "Skewness \"x\" < 10",
        "Kurtosis \"x\" < 10",
        "DuplicateRowCount \"id\" \"age\" = 0",
        "Drift \"x\" \"previous\" <= 0.2 with method = \"psi\"",
        "Drift \"x\" < 0.1",
        "Drift \"age\" \"v3\" <= 0.2 with method = \"ks\"",
        "Drift \"name\" \"trips@v12\" <= 0.2 with method = \"js\"",
        "Drift \"ok\" \"model:churn_lr\" <= 0.2 with method = \"linf\"",
        "NewCategories \"name\" = 0",
        "VanishedCategories \"age\" \"other/trips@v1\" < 3",
        "(Drift \"x\" \"trips\" < 1) and (NewCategories \"name\" = 0)",
        "RowCount\n  > 1 # a reason",
        "RowCount > 1\r\n",
        "IsComplete \"a.b\"",
        "IsComplete \"AGE\"",
      })
  void takesWhatItCanJudge(String rule) {
    assertThat(problems(rule)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        // shape of the text
        "`` ~ is empty ~ delete it",
        "`  # nothing` ~ is empty ~ delete it",
        "Rules = [ RowCount > 1 ] ~ section of a ruleset ~ rule alone",
        "Analyzers = [ RowCount ] ~ section of a ruleset ~ rule alone",
        "RowCount > 1 ] and so on ~ text follows the rule: \"and\" ~ one rule to a text",
        "RowCount > 1 ] Rules = [ RowCount > 2 ~ text follows ~ one rule",
        "RowCount > 1 ] Analyzers = [ RowCount ~ measure and do not judge ~ rules only",
        "RowCount > 1, IsComplete \"id\" ~ several rules ~ text of its own",
        // syntax
        "RowCount >> 1 ~ character 11: unexpected > ~ null",
        "RowCount == 1 ~ does not parse at character 11 ~ comparisons are =",
        "(RowCount > 1) && (IsComplete \"id\") ~ does not parse ~ (A) and (B)",
        "((RowCount > 1) and (IsComplete \"id\") ~ something is missing at its end ~ a ) is missing",
        "Mean \"x\" > 1e-3 ~ does not parse ~ without an exponent",
        "IsComplete 'id' ~ does not parse ~ double quotes",
        "IsComplete \"id ~ does not parse ~ a double quote is missing",
        "not (IsComplete \"id\") ~ does not parse ~ turn the condition round",
        "Completeness \"id\" > 95% ~ does not parse ~ from 0 to 1",
        "RowCount BETWEEN 1 and 2 ~ does not parse ~ lower case",
        "RowCount > 1; ~ does not parse ~ no comma or semicolon",
        // joined rules
        "IsPrimaryKey \"id\" and IsComplete \"age\" ~ joins columns ~ in parentheses",
        "RowCount > 1 and IsComplete \"id\" ~ without parentheses ~ in parentheses",
        "(RowCount > 1) or IsComplete \"id\" ~ without parentheses ~ in parentheses",
        // types
        "IsCompleet \"id\" ~ no rule type \"IsCompleet\" ~ did you mean \"IsComplete\"?",
        "(RowCount > 1) and (Meen \"x\" > 1) ~ no rule type \"Meen\" ~ \"Mean\"?",
        "IsFresh \"id\" ~ no rule type \"IsFresh\" ~ known: ColumnCorrelation",
        "IsComplete \"id\" \"age\" ~ another number of columns ~ docs/gates.md",
        "RowCount ~ RowCount needs a condition ~ > 0",
        "IsComplete \"id\" > 0.5 ~ takes no condition ~ leave the condition out",
        "DetectAnomalies \"RowCount\" ~ needs the metric's history ~ another type",
        "AllStatistics \"id\" ~ does not judge ~ another type",
        "FileFreshness \"f\" > \"2024-01-01\" ~ judges files ~ another type",
        "RowCountMatch \"ref\" >= 0.9 ~ with another dataset ~ in a step",
        "SchemaMatch \"ref\" = 1.0 ~ with another dataset ~ in a step",
        "DatasetMatch \"ref\" \"id\" >= 0.9 ~ with another dataset ~ in a step",
        "ReferentialIntegrity \"id\" \"ref.{id}\" >= 0.9 ~ with another dataset ~ in a step",
        "AggregateMatch \"sum(age)\" \"sum(ref.k)\" >= 0.9 ~ with another dataset ~ in a step",
        // bad data would pass
        "Completeness \"age\" = 1.0 ~ tolerance of 0.00001 ~ >= 1.0",
        "Uniqueness \"id\" = 1.0 ~ tolerance ~ >= 1.0",
        "UniqueValueRatio \"id\" in [1.0] ~ tolerance ~ >= 1.0",
        "(RowCount > 1) and (Completeness \"age\" = 1) ~ tolerance ~ >= 1.0",
        "ColumnDataType \"name\" = \"Date\" with threshold = 1.0 ~ a threshold has a tol ~ >= 1.0",
        "ColumnValues \"day\" = $days ~ does not parse ~ write the values out",
        "ColumnValues \"day\" = $x ~ variable ~ write the values out",
        "ColumnValues \"name\" in $x ~ variable ~ write the values out",
        "RowCount > avg(last(3)) ~ metric's history ~ write a number",
        "ColumnValues \"day\" > (now() - 3 days) ~ reads the clock ~ DataFreshness",
        "ColumnValues \"name\" in [\"a\\b\"] ~ backslash in a value ~ use matches",
        "ColumnValues \"name\" = \"10:30\" ~ time of today ~ use matches",
        "ColumnValues \"age\" > NULL ~ neither more nor less ~ with a number",
        "RowCount > NULL ~ neither more nor less ~ with a number",
        "RowCount between 5 and 5 ~ nothing lies between 5 and 5 ~ excludes both",
        "ColumnValues \"day\" > \"2024-02-31\" ~ a date ~ yyyy-MM-dd",
        "DataFreshness \"ts\" = 3 hours ~ never exactly ~ between",
        // ignored by Deequ
        "RowCount > 1 with severity = \"warn\" ~ \"with severity\" has no effect ~ block or warn",
        "RowCount > 1 with threshold > 0.5 ~ hreshold ~ null",
        "CustomSql \"select 1 as q from primary\" = 1 with threshold > 0.5 ~ no effect on this form of CustomSql ~ avg",
        "ColumnValues \"age\" in [1] with threshold > 0.5 ~ no effect on this form of ColumnValues ~ avg",
        "ColumnValues \"age\" < 5 + 6 ~ no arithmetic ~ write the result",
        // patterns and formats
        "ColumnValues \"name\" matches \"(\" ~ is no regular expression ~ correct it",
        "ColumnNamesMatchPattern \"[\" ~ is no regular expression ~ correct it",
        "ColumnDataType \"name\" = \"Integr\" ~ no type that ColumnDataType knows ~ \"Integer\"?",
        "ColumnDataType \"name\" = \"Integer\" with format = \"yyyy\" ~ format has no effect ~ Date",
        "ColumnDataType \"name\" = \"Date\" with format = \"yyyy\" ~ no date format ~ dd-MM-yyyy",
        // SQL
        "RowCount > 1 where \"id >\" ~ is no condition ~ correct the SQL",
        "RowCount > 1 where \"id in (select 1)\" ~ may not hold a query ~ CustomSql",
        "RowCount > 1 where \"rand() < 0.5\" ~ rand may give another answer ~ literal",
        "RowCount > 1 where \"day > current_date\" ~ current_date may give ~ literal",
        "RowCount > 1 where \"reflect('a', 'b') = 1\" ~ runs any Java method ~ SQL functions",
        "CustomSql \"selec 1\" = 1 ~ does not parse ~ Spark SQL",
        "CustomSql \"select java_method('a', 'b') from primary\" = 1 ~ any Java method ~ SQL",
        "CustomSql \"select count(*) from other\" = 1 ~ reads other ~ from primary",
        "CustomSql \"select (select max(a) from s.t) from primary\" = 1 ~ reads s.t ~ from primary",
        "CustomSql \"select 1 from primary where id in (select id from o)\" = 1 ~ reads o ~ from",
        "CustomSql \"select count(*) from parquet.`/etc`\" = 1 ~ reads parquet./etc ~ primary",
        "CustomSql \"with t as (select try_reflect('a') from primary) select 1 from t\" = 1 ~ Java ~ SQL",
        "CustomSql \"drop table primary\" = 1 ~ only reads ~ one select",
        "CustomSql \"select 1 from primary tablesample (5 percent)\" = 1 ~ sample ~ all rows",
        "CustomSql \"select id from primary where age < 5\" ~ without a condition ~ avg(if(",
        // baselines
        "Drift \"x\" \"v3\" <= 0.2 with method = \"pis\" ~ no method \"pis\" ~ did you mean \"psi\"?",
        "Drift \"x\" \"v3\" <= 0.2 with method = \"wasserstein\" ~ no method ~ psi, js, ks, linf",
        "Drift \"name\" <= 0.2 with method = \"ks\" ~ ks compares numbers ~ linf",
        "Drift \"day\" <= 0.2 ~ \"day\" is date, and the rule judges numbers, text ~ in the step",
        "Drift \"attrs\" <= 0.2 ~ is map ~ in the step",
        "Drift \"x\" \"v 3\" <= 0.2 ~ \"v 3\" names no baseline ~ \"previous\"",
        "Drift \"x\" = 0 ~ tolerance of 0.00001 ~ a bound",
        "Drift \"x\" <= 0.2 where \"age > 3\" ~ here clause ~ null",
        "Drift \"xx\" <= 0.2 ~ no column \"xx\" ~ \"x\"?",
        "Drift \"x\" ~ Drift needs a condition ~ > 0",
        "NewCategories \"name\" = 0 with method = \"psi\" ~ no effect ~ block",
        "NewCategories \"tags\" = 0 ~ is array ~ in the step",
        // columns
        "IsComplete \"agee\" ~ no column \"agee\" ~ did you mean \"age\"?",
        "IsComplete \"zzzzzz\" ~ no column \"zzzzzz\" ~ columns: a.b, age",
        "IsComplete \"id\" where \"agee > 1\" ~ names a column \"agee\" ~ \"age\"?",
        "Mean \"name\" > 1 ~ column \"name\" is string, and the rule judges numbers ~ cast",
        "ColumnLength \"age\" > 1 ~ is int, and the rule judges text ~ cast",
        "ColumnValues \"name\" in [1, 2] ~ is string, and the rule judges numbers ~ cast",
        "ColumnValues \"ok\" in [\"true\"] ~ is boolean, and the rule judges text ~ cast",
        "ColumnValues \"age\" > \"2024-01-01\" ~ is int, and the rule judges dates ~ cast",
        "ColumnValues \"age\" matches \"1\" ~ is int, and the rule judges text ~ cast",
        "DataFreshness \"age\" < 3 days ~ judges times ~ cast",
        "IsUnique \"attrs\" ~ is map<string,int>, and the rule judges values that can ~ cast",
        "ColumnDataType \"tags\" = \"Integer\" ~ judges simple values ~ cast",
      })
  void refusesWithReasonAndWayOut(String rule, String message, String suggestion) {
    List<Problem> found = problems(rule);
    assertThat(found).isNotEmpty();
    assertThat(found.get(0).message()).contains(message);
    assertThat(String.valueOf(found.get(0).suggestion())).contains(suggestion);
  }

  @Test
  void namesEveryBadRuleWhereItStands() {
    List<GateRule> rules = new ArrayList<>();
    rules.add(rule("IsCompleet \"id\"", 3));
    rules.add(rule("RowCount > 1", 4));
    rules.add(rule("Completeness \"agee\" = 1.0", 5));
    List<Problem> found = GateSyntax.problems(rules, COLUMNS);
    assertThat(found)
        .extracting(problem -> problem.at().toString())
        .containsExactly("churn.conf:3", "churn.conf:5", "churn.conf:5");
    assertThat(found.get(0))
        .hasToString(
            "churn.conf:3: rule `IsCompleet \"id\"`: there is no rule type \"IsCompleet\""
                + " (did you mean \"IsComplete\"?)");
  }

  @Test
  void asksNothingOfColumnsThatAreNotKnown() {
    assertThat(GateSyntax.problems(List.of(rule("IsComplete \"zzz\"", 1)), null)).isEmpty();
  }

  @Test
  void keepsTheParsersWarningOffStandardError() throws Exception {
    assertThat(printedByLoading("software.amazon.glue.dqdl.DataQualityDefinitionLanguageLexer"))
        .as("if this says nothing any more, Quiet is not needed")
        .contains("ANTLR");
    assertThat(printedByLoading("io.mlpipeline.spark.gate.RuleText")).isEmpty();
  }

  /** In a class loader of its own, because a class warns once. */
  private static String printedByLoading(String name) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(part).toUri().toURL());
    }
    PrintStream before = System.err;
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    System.setErr(new PrintStream(seen, true, StandardCharsets.UTF_8));
    try (URLClassLoader fresh =
        new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Class.forName(name, true, fresh);
    } finally {
      System.setErr(before);
    }
    return seen.toString(StandardCharsets.UTF_8);
  }

  @Test
  void startsNoSession() {
    problems("CustomSql \"select count(*) from primary where name rlike 'a'\" > 1");
    assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
  }

  @Test
  void findsTheSameInManyThreads() {
    List<List<Problem>> all =
        java.util.stream.IntStream.range(0, 64)
            .parallel()
            .mapToObj(i -> problems("Completeness \"age\" = 1.0 where \"agee > 1\""))
            .toList();
    assertThat(all).containsOnly(all.get(0));
    assertThat(all.get(0)).hasSize(2);
  }

  private static List<Problem> problems(String rule) {
    return GateSyntax.problems(List.of(rule(rule, 1)), COLUMNS);
  }

  private static GateRule rule(String text, int line) {
    return new GateRule("r", Severity.BLOCK, text, new SourceLocation("churn.conf", line));
  }
}
