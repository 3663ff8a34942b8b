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
import java.util.Set;
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

  private static final Set<String> OTHERS = Set.of("orders", "customers");

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
        "Satisfies \"age < x and name != 'it\\'s' and name > ''\" where \"id > 3\" with threshold"
            + " >= 0.95",
        "FunctionalDependency \"id\" \"day\" \"name\"",
        "FunctionalDependency \"id\" \"name\" >= 0.99 where \"age > 3\"",
        "Quantile \"x\" \"0.95\" < 10 where \"age > 3\"",
        "RowCountMatch \"orders\" >= 0.9",
        "ReferentialIntegrity \"id\" \"customers.id\" = 1.0",
        "ReferentialIntegrity \"id, age\" \"customers.{id, k}\" >= 0.9 where \"age > 3\"",
        "DatasetMatch \"orders\" \"id->order_id\" \"age,name->n\" >= 0.9",
        "SchemaMatch \"orders\" = 1.0",
        "AggregateMatch \"sum(age)\" \"sum(orders.k)\" between 0.99 and 1.01",
        "CustomSql \"select count(*) from primary join orders using (id)\" > 5",
        "Drift \"x\" \"previous\" <= 0.2 with method = \"psi\"",
        "Drift \"x\" < 0.1",
        "Drift \"age\" \"v3\" <= 0.2 with method = \"ks\"",
        "Drift \"name\" \"trips@v12\" <= 0.2 with method = \"js\"",
        "Drift \"ok\" \"model:churn_lr\" <= 0.2 with method = \"linf\"",
        "Drift \"x\" \"model:churn@production\" <= 0.2",
        "Drift \"x\" \"model:churn@1.4.0\" <= 0.2",
        "NewCategories \"name\" = 0",
        "VanishedCategories \"age\" \"other/trips@v1\" < 3",
        "(Drift \"x\" \"trips\" < 1) and (NewCategories \"name\" = 0)",
        "RowCount\n  > 1 # a reason",
        "RowCount > 1\r\n",
        "IsComplete \"a.b\"",
        "IsComplete \"AGE\"",
        "RowCount > avg(last(10)) * 0.8",
        "RowCount between last() - 5 and last() + 5 with min_runs = 3",
        "Mean \"x\" between avg(last(5)) - 3 * std(last(5)) and avg(last(5)) + 3 * std(last(5))",
        "Completeness \"age\" >= percentile(last(10), 5)",
        "Sum \"x\" > index(last(7), 6) where \"age > 3\"",
        "(RowCount > min(last(5))) and (RowCount < (max(last(5)) + median(last(5))) / 2)",
        "CustomSql \"select count(*) from primary\" > avg(last(3))",
        "DetectAnomalies \"RowCount\"",
        "DetectAnomalies \"RowCount\" where \"age > 3\"",
        "DetectAnomalies \"Mean\" \"x\" with sigma = 3.5 with min_runs = 6 with runs = 20",
        "DetectAnomalies \"Quantile\" \"x\" \"0.95\" with strategy = \"online-normal\"",
        "DetectAnomalies \"Uniqueness\" \"id\" \"age\" with strategy = \"batch-normal\" with floor"
            + " = 0",
        "DetectAnomalies \"DistinctValuesCount\" \"name\" with strategy = \"absolute-change\" with"
            + " lower = -1.5",
        "DetectAnomalies \"Minimum\" \"age\" with strategy = \"relative-rate-of-change\" with upper"
            + " = 2",
        "DetectAnomalies \"RowCount\" with strategy = \"seasonal\" with season = 12",
        "(DetectAnomalies \"RowCount\") or (RowCount > 1000)",
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
        "((RowCount > 1) and (IsComplete \"id\") ~ something is missing at its end ~ a ) is"
            + " missing",
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
        "IsFresh \"id\" ~ no rule type \"IsFresh\" ~ known: AggregateMatch, Col",
        "IsComplete \"id\" \"age\" ~ another number of columns ~ docs/gates-rules.md",
        "RowCount ~ RowCount needs a condition ~ > 0",
        "IsComplete \"id\" > 0.5 ~ takes no condition ~ leave the condition out",
        "AllStatistics \"id\" ~ does not judge ~ another type",
        "FileFreshness \"f\" > \"2024-01-01\" ~ judges files ~ max-age",
        "FileFreshness \"f\" > 1 days ~ judges files ~ max-age",
        "ColumnValues \"x\" > \"abc\" ~ at character 20: unexpected \"abc\" ~ without quotes",
        "RowCount > ~ does not parse: something is missing at its end ~ null",
        "`(RowCount > 1` ~ does not parse: something is missing ~ a ) is missing",
        "RowCountMatch \"ref\" >= 0.9 ~ reads \"ref\", which is no dataset ~ references: [...]",
        "SchemaMatch \"ordres\" = 1.0 ~ reads \"ordres\" ~ did you mean \"orders\"?",
        "DatasetMatch \"orders\" \"\" >= 0.9 ~ what is compared with what ~ id->order_id",
        "ReferentialIntegrity \"id,age\" \"orders.{id}\" >= 0.9 ~ compared with what ~"
            + " customers.{id,k}",
        "ReferentialIntegrity \"agee\" \"orders.id\" >= 0.9 ~ no column \"agee\" ~ \"age\"?",
        "AggregateMatch \"median(age)\" \"sum(orders.k)\" >= 0.9 ~ compared with what ~ sum, avg",
        "AggregateMatch \"sum(name)\" \"sum(orders.k)\" >= 0.9 ~ judges numbers ~ cast",
        "Quantile \"x\" \"50\" < 1 ~ no share from 0 to 1 ~ \"0.5\"",
        "Quantile \"name\" \"0.5\" < 1 ~ judges numbers ~ cast",
        "FunctionalDependency \"id\" ~ names one only ~ \"city\"",
        "FunctionalDependency \"id\" \"attrs\" ~ values that can be compared ~ cast",
        "Satisfies \"age >\" ~ is no condition ~ correct the SQL",
        "Satisfies \"agee > 1\" ~ the condition names a column \"agee\" ~ \"age\"?",
        "Satisfies \"day < current_date\" ~ current_date may give ~ literal",
        "Satisfies \"id in (select id from orders)\" ~ may not hold a query ~ CustomSql",
        "Satisfies \"age > 1\" >= 0.9 ~ takes no condition ~ leave the condition out",
        "Satisfies \"age > 1\" with threshold = 1.0 ~ a threshold has a tol ~ >= 1.0",
        // bad data would pass
        "Completeness \"age\" = 1.0 ~ tolerance of 0.00001 ~ >= 1.0",
        "Uniqueness \"id\" = 1.0 ~ tolerance ~ >= 1.0",
        "UniqueValueRatio \"id\" in [1.0] ~ tolerance ~ >= 1.0",
        "(RowCount > 1) and (Completeness \"age\" = 1) ~ tolerance ~ >= 1.0",
        "ColumnDataType \"name\" = \"Date\" with threshold = 1.0 ~ a threshold has a tol ~ >= 1.0",
        "ColumnValues \"day\" = $days ~ does not parse ~ write the values out",
        "ColumnValues \"day\" = $x ~ variable ~ write the values out",
        "ColumnValues \"name\" in $x ~ variable ~ write the values out",
        "DetectAnomalies \"Meen\" \"x\" ~ no metric \"Meen\" ~ \"Mean\"?",
        "DetectAnomalies \"IsUnique\" \"id\" ~ no metric \"IsUnique\" ~ known: ColumnCorrelation",
        "DetectAnomalies \"Mean\" ~ Mean is about one column, not 0 ~ \"Mean\" \"column\"",
        "DetectAnomalies \"RowCount\" \"id\" ~ about the whole table ~ \"RowCount\"",
        "DetectAnomalies \"Quantile\" \"x\" ~ Quantile is about two names ~ \"0.5\"",
        "DetectAnomalies \"Quantile\" \"x\" \"50\" ~ \"50\" is no quantile ~ from \"0\"",
        "DetectAnomalies \"Mean\" \"agee\" ~ no column \"agee\" ~ \"age\"?",
        "DetectAnomalies \"Mean\" \"name\" ~ is string, and the rule judges numbers ~ cast",
        "DetectAnomalies \"Quantile\" \"name\" \"0.5\" ~ judges numbers ~ cast",
        "DetectAnomalies \"RowCount\" where \"agee > 1\" ~ names a column \"agee\" ~ \"age\"?",
        "DetectAnomalies \"RowCount\" > 3 ~ takes no condition ~ leave the condition out",
        "DetectAnomalies \"RowCount\" with strategy = \"batch-norml\" ~ no strategy \"batch-norml\""
            + " ~ \"batch-normal\"?",
        "DetectAnomalies \"RowCount\" with strategy = 3 ~ no strategy \"3\" ~ known: robust",
        "DetectAnomalies \"RowCount\" with sigm = 3 ~ \"with sigm\" has no effect on strategy"
            + " robust ~ \"sigma\"?",
        "DetectAnomalies \"RowCount\" with season = 3 ~ no effect on strategy robust ~ it takes"
            + " strategy, min_runs, sigma, floor, runs",
        "DetectAnomalies \"RowCount\" with sigma = -3 ~ cannot be -3 ~ a number",
        "DetectAnomalies \"RowCount\" with sigma = \"four\" ~ cannot be four ~ a number",
        "DetectAnomalies \"RowCount\" with sigma > 3 ~ sigma ~ null",
        "DetectAnomalies \"RowCount\" with min_runs = 2.5 ~ cannot be 2.5 ~ a whole number",
        "DetectAnomalies \"RowCount\" with runs = 1000 ~ cannot be 1000 ~ to 100",
        "DetectAnomalies \"RowCount\" with strategy = \"absolute-change\" ~ does not know what to"
            + " allow ~ with lower",
        "DetectAnomalies \"RowCount\" with strategy = \"simple-threshold\" with lower = 3 with"
            + " upper = 2 ~ nothing lies ~ smaller",
        "DetectAnomalies \"RowCount\" with strategy = \"seasonal\" with season = 60 ~ 120 runs are"
            + " needed ~ at most 50",
        "RowCount > avgg(last(3)) ~ no function \"avgg\" ~ \"avg\"?",
        "RowCount > now(3) ~ no function \"now\" ~ known: avg",
        "RowCount > last(3) ~ several values where one is wanted ~ avg(last(3))",
        "RowCount > last(0) ~ does not say how many runs ~ last(10)",
        "RowCount > avg(last(101)) ~ does not say how many runs ~ at most 100",
        "RowCount > avg(3) ~ avg(3) is written otherwise ~ avg(last(10))",
        "RowCount > avg(last(last(3))) ~ does not say how many runs ~ last(10)",
        "RowCount > percentile(last(3)) ~ is written otherwise ~ percentile(last(10), 0)",
        "RowCount > percentile(last(3), 101) ~ 101 is no percentile ~ to 100",
        "RowCount > index(last(3), 3) ~ 3 is no index ~ to 2; 0 is the newest",
        "RowCount > 3 + foo() ~ no function \"foo\" ~ known",
        "RowCount > avg(last(3)) with min_runs = 0 ~ cannot be 0 ~ a whole number from 1",
        "RowCount > 3 with min_runs = 2 ~ has no effect in a gate ~ block or warn",
        "(RowCount > 3) and (Mean \"x\" > stdd(last(9))) ~ no function \"stdd\" ~ \"std\"?",
        "ColumnValues \"age\" < max(last(3)) ~ judges every row ~ DetectAnomalies",
        "ColumnLength \"name\" < max(last(3)) ~ judges every row ~ DetectAnomalies",
        "Completeness \"age\" = avg(last(3)) ~ tolerance ~ >= 1.0",
        "ColumnDataType \"name\" = \"Date\" with threshold > avg(last(3)) ~ does not look at the"
            + " past ~ threshold",
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
        "CustomSql \"select 1 as q from primary\" = 1 with threshold > 0.5 ~ no effect on this form"
            + " of CustomSql ~ Satisfies",
        "ColumnValues \"age\" in [1] with threshold > 0.5 ~ no effect on this form of ColumnValues"
            + " ~ Satisfies",
        "ColumnValues \"age\" < 5 + 6 ~ no arithmetic ~ write the result",
        // patterns and formats
        "ColumnValues \"name\" matches \"(\" ~ is no regular expression ~ correct it",
        "ColumnNamesMatchPattern \"[\" ~ is no regular expression ~ correct it",
        "ColumnDataType \"name\" = \"Integr\" ~ no type that ColumnDataType knows ~ \"Integer\"?",
        "ColumnDataType \"name\" = \"Integer\" with format = \"yyyy\" ~ format has no effect ~"
            + " Date",
        "ColumnDataType \"name\" = \"Date\" with format = \"yyyy\" ~ no date format ~ dd-MM-yyyy",
        // SQL
        "RowCount > 1 where \"id >\" ~ is no condition ~ correct the SQL",
        "RowCount > 1 where \"name = 'O''Brien'\" ~ 'O''Brien' is read as OBrien ~ 'O\\'Brien'",
        "Satisfies \"name in ('', 'it''s')\" ~ 'it''s' is read as its ~ 'it\\'s'",
        "CustomSql \"select count(*) from primary where name = 'it''s'\" = 1 ~ is read as its ~"
            + " 's'",
        "RowCount > 1 where \"id in (select 1)\" ~ may not hold a query ~ CustomSql",
        "RowCount > 1 where \"rand() < 0.5\" ~ rand may give another answer ~ literal",
        "RowCount > 1 where \"day > current_date\" ~ current_date may give ~ literal",
        "RowCount > 1 where \"reflect('a', 'b') = 1\" ~ runs any Java method ~ SQL functions",
        "CustomSql \"selec 1\" = 1 ~ does not parse ~ Spark SQL",
        "CustomSql \"select java_method('a', 'b') from primary\" = 1 ~ any Java method ~ SQL",
        "CustomSql \"select count(*) from other\" = 1 ~ reads \"other\" ~ references",
        "CustomSql \"select (select max(a) from s.t) from primary\" = 1 ~ reads \"s.t\" ~ it sees"
            + " customers, orders",
        "CustomSql \"select 1 from primary where id in (select id from o)\" = 1 ~ reads \"o\" ~"
            + " references",
        "CustomSql \"select count(*) from parquet.`/etc`\" = 1 ~ reads \"parquet./etc\" ~"
            + " references",
        "CustomSql \"with t as (select try_reflect('a') from primary) select 1 from t\" = 1 ~ Java"
            + " ~ SQL",
        "CustomSql \"drop table primary\" = 1 ~ only reads ~ one select",
        "CustomSql \"select 1 from primary tablesample (5 percent)\" = 1 ~ sample ~ all rows",
        "CustomSql \"select id from primary where age < 5\" ~ without a condition ~ write:"
            + " Satisfies",
        // baselines
        "Drift \"x\" \"v3\" <= 0.2 with method = \"pis\" ~ no method \"pis\" ~ did you mean"
            + " \"psi\"?",
        "Drift \"x\" \"v3\" <= 0.2 with method = \"wasserstein\" ~ no method ~ psi, js, ks, linf",
        "Drift \"name\" <= 0.2 with method = \"ks\" ~ ks compares numbers ~ linf",
        "Drift \"day\" <= 0.2 ~ \"day\" is date, and the rule judges numbers, text ~ in the step",
        "Drift \"attrs\" <= 0.2 ~ is map ~ in the step",
        "Drift \"x\" \"model:churn@prod\" <= 0.2 ~ \"model:churn@prod\" names no model ~"
            + " \"model:churn@production\"",
        "Drift \"x\" \"v 3\" <= 0.2 ~ \"v 3\" names no baseline ~ \"previous\"",
        "Drift \"x\" = 0 ~ a distance is never exactly a number ~ <= 0.1",
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "RowCount > 1 ~ RowCount judges all rows together",
        "Mean \"x\" > 1 ~ Mean judges all rows together",
        "CustomSql \"select 1\" = 1 ~ write Satisfies",
        "DataFreshness \"ts\" < 3 days ~ ColumnValues \"ts\" >=",
        "(IsComplete \"id\") and (Entropy \"age\" > 1) ~ Entropy judges all rows",
        "Completeness \"age\" < 0.5 ~ where no row is bad",
        "DuplicateRowCount \"id\" > 3 ~ where no row is bad",
        "Satisfies \"age > 1\" with threshold < 0.1 ~ where no row is bad",
        "ReferentialIntegrity \"id\" \"orders.id\" > 1 ~ where no row is bad",
        "DatasetMatch \"orders\" \"id\" > 0.5 ~ DatasetMatch judges all rows",
        "IsCompleet \"id\" ~ no rule type",
      })
  void onlyRulesThatBlameRowsSetThemApart(String rule, String words) {
    GateRule quarantine = new GateRule("q", Severity.QUARANTINE, rule, SourceLocation.UNKNOWN);
    List<Problem> found = GateSyntax.problems(List.of(quarantine), COLUMNS, OTHERS);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).toString()).contains(words);
    assertThat(RowRules.refusal(quarantine))
        .hasValueSatisfying(why -> assertThat(why).contains(words));
    assertThat(RowRules.refusal(rule("Completeness \"age\" >= 0.5", 1))).isEmpty();
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
    return GateSyntax.problems(List.of(rule(rule, 1)), COLUMNS, OTHERS);
  }

  private static GateRule rule(String text, int line) {
    return new GateRule("r", Severity.BLOCK, text, new SourceLocation("churn.conf", line));
  }
}
