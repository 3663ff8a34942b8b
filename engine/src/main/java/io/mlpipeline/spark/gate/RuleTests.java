package io.mlpipeline.spark.gate;

import com.amazon.deequ.dqdl.execution.DefaultOperandEvaluator$;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.DQRuleLogicalOperator;
import software.amazon.glue.dqdl.model.condition.Condition;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.duration.DurationBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.AtomicNumberOperand;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedConditionOperator;
import software.amazon.glue.dqdl.model.condition.string.StringBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringBasedConditionOperator;

/** Turns parsed rules into tests: which metrics they need, and what must hold of each. */
final class RuleTests {

  private final Dataset<Row> rows;
  private final StructType schema;
  private final Gauges gauges;

  private final GateContext context;
  private final ComparisonTests comparisons;
  private final Dependencies dependencies;

  RuleTests(Dataset<Row> rows, Gauges gauges, GateContext context) {
    this.rows = rows;
    this.schema = rows.schema();
    this.gauges = gauges;
    this.context = context;
    this.comparisons = new ComparisonTests(rows, gauges, context);
    this.dependencies = new Dependencies(rows);
  }

  /** A rule that every row must meet by itself; joined by "or", that asks less than {@link #of}. */
  Finding.Test byRow(DQRule rule) {
    RowBreaks breaks = new RowBreaks(rows, context);
    Column broken = breaks.of(rule);
    Dataset<Row> prepared = breaks.prepared();
    Gauge gauge =
        new Gauge(
            "Dataset.*.BrokenRows",
            () ->
                Reading.attempt(
                    () -> {
                      long bad = prepared.where(broken).count();
                      return Reading.of((double) bad, bad + " rows break it");
                    }));
    Optional<Measure> all = Optional.of(gauges.chosen(Optional.empty()));
    return () -> Finding.of(all, false, List.of(new Finding.Clause(gauge, bad -> bad == 0)));
  }

  Finding.Test of(DQRule rule) {
    if (RuleLeaves.isComposite(rule)) {
      List<Finding.Test> parts = rule.getNestedRules().stream().map(this::part).toList();
      boolean isAnd = rule.getOperator() == DQRuleLogicalOperator.AND;
      return () -> Finding.joined(parts.stream().map(Finding.Test::judge).toList(), isAnd);
    }
    Optional<String> where = RuleLeaves.where(rule);
    boolean isOfNoRows = RuleTypes.OF_NO_ROWS.contains(rule.getRuleType());
    Optional<Measure> chosen = isOfNoRows ? Optional.empty() : Optional.of(gauges.chosen(where));
    List<Finding.Clause> clauses = clauses(rule, where);
    return () -> Finding.of(chosen, where.isPresent(), clauses);
  }

  private Finding.Test part(DQRule rule) {
    Finding.Test test = of(rule);
    return RuleLeaves.isComposite(rule) ? test : () -> test.judge().about(rule.toString());
  }

  private List<Finding.Clause> clauses(DQRule rule, Optional<String> where) {
    String type = rule.getRuleType();
    List<String> columns = RuleLeaves.columns(rule);
    return switch (type) {
      case "ColumnExists", "ColumnNamesMatchPattern", "ColumnCount" -> List.of(ofSchema(rule));
      case "RowCount" -> List.of(asked(rule, gauges.rowCount(where)));
      case "CustomSql" -> List.of(asked(rule, customSql(rule)));
      case "Satisfies" -> List.of(satisfies(rule, where));
      case "FunctionalDependency" ->
          List.of(new Finding.Clause(dependencies.gauge(columns, where), exactly(rule)));
      case "Quantile" ->
          List.of(
              asked(
                  rule,
                  gauges.quantile(
                      columns.get(0), AddedRefusals.probability(rule).orElseThrow(), where)));
      case "RowCountMatch",
          "ReferentialIntegrity",
          "DatasetMatch",
          "SchemaMatch",
          "AggregateMatch" ->
          List.of(new Finding.Clause(comparisons.of(rule, where), exactly(rule)));
      case "IsComplete" ->
          List.of(new Finding.Clause(gauges.nulls(columns.get(0), where), RuleTests::all));
      case "Completeness" -> List.of(asked(rule, gauges.completeness(columns.get(0), where)));
      case "IsUnique" -> List.of(new Finding.Clause(uniqueness(columns, where), RuleTests::all));
      case "Uniqueness" -> List.of(asked(rule, uniqueness(columns, where)));
      case "IsPrimaryKey" -> primaryKey(columns, where);
      case "UniqueValueRatio" ->
          List.of(asked(rule, gauges.grouped(type, columns, where, Grouping::uniqueValueRatio)));
      case "Entropy" ->
          List.of(asked(rule, gauges.grouped(type, columns, where, Grouping::entropy)));
      case "DistinctValuesCount" ->
          List.of(asked(rule, gauges.grouped(type, columns, where, Grouping::distinctValues)));
      case "DuplicateRowCount" ->
          List.of(asked(rule, gauges.grouped(type, columns, where, Grouping::duplicateRows)));
      case "ColumnLength" -> lengths(rule, columns.get(0), where);
      case "ColumnValues" -> values(rule, columns.get(0), where);
      case "ColumnDataType" -> List.of(dataType(rule, columns.get(0), where));
      case "DataFreshness" -> List.of(freshness(rule, columns.get(0), where));
      default -> List.of(asked(rule, gauges.statistic(type, columns, where)));
    };
  }

  private Finding.Clause asked(DQRule rule, Gauge gauge) {
    return new Finding.Clause(gauge, holds(rule, rule.getCondition()));
  }

  private static DoublePredicate holds(DQRule rule, Condition condition) {
    return value -> condition.evaluate(value, rule, DefaultOperandEvaluator$.MODULE$);
  }

  private Gauge customSql(DQRule rule) {
    String query = RuleLeaves.parameter(rule, "CustomSqlStatement");
    return new Gauge("Dataset.*.CustomSQL", new CustomSql(rows, query, context));
  }

  private Finding.Clause satisfies(DQRule rule, Optional<String> where) {
    String condition = RuleLeaves.parameter(rule, "Condition");
    String name = "Dataset.*.Satisfies(" + condition + ")";
    return new Finding.Clause(
        gauges.compliance(name, functions.expr(condition), where), threshold(rule));
  }

  /** Without a condition, all rows; equality is exact, where DQDL's has a tolerance. */
  private static DoublePredicate exactly(DQRule rule) {
    Condition condition = rule.getCondition();
    if (condition == null || !RuleLeaves.hasText(condition.getConditionAsString())) {
      return RuleTests::all;
    }
    boolean isPlain =
        condition instanceof NumberBasedCondition numbers
            && Refusals.EQUALITIES.contains(numbers.getOperator())
            && numbers.getOperands().stream().allMatch(AtomicNumberOperand.class::isInstance);
    if (!isPlain) {
      return holds(rule, condition);
    }
    NumberBasedCondition numbers = (NumberBasedCondition) condition;
    List<Double> listed =
        numbers.getOperands().stream().map(o -> Double.valueOf(o.getOperand())).toList();
    boolean isNot = numbers.getOperator().name().startsWith("NOT_");
    return value -> listed.contains(value) != isNot;
  }

  private Gauge uniqueness(List<String> columns, Optional<String> where) {
    return gauges.grouped("Uniqueness", columns, where, Grouping::uniqueness);
  }

  /** Deequ forgets the nulls of a key of several columns. */
  private List<Finding.Clause> primaryKey(List<String> columns, Optional<String> where) {
    List<Finding.Clause> all = new ArrayList<>();
    columns.forEach(
        column -> all.add(new Finding.Clause(gauges.nulls(column, where), RuleTests::all)));
    all.add(new Finding.Clause(uniqueness(columns, where), RuleTests::all));
    return all;
  }

  private Finding.Clause ofSchema(DQRule rule) {
    return switch (rule.getRuleType()) {
      case "ColumnCount" ->
          asked(rule, new Gauge("Dataset.*.ColumnCount", () -> Reading.of(schema.size())));
      case "ColumnExists" -> {
        String name = Columns.bare(RuleLeaves.parameter(rule, "TargetColumn"));
        boolean isThere = Arrays.asList(schema.fieldNames()).contains(name);
        String words =
            Columns.find(schema, name)
                .map(field -> "it is written \"" + field.name() + "\"")
                .orElse("there is no such column");
        Reading found = Reading.of(isThere ? 1 : 0, words);
        yield new Finding.Clause(
            new Gauge("Dataset." + name + ".ColumnExists", () -> found), RuleTests::all);
      }
      default -> names(RuleLeaves.parameter(rule, "PatternToMatch"));
    };
  }

  private Finding.Clause names(String regex) {
    Pattern pattern = Pattern.compile(regex);
    List<String> strange =
        Arrays.stream(schema.fieldNames()).filter(name -> !pattern.matcher(name).find()).toList();
    double share = 1.0 - (double) strange.size() / Math.max(1, schema.size());
    Reading found = Reading.of(share, String.join(", ", strange) + " do not match");
    return new Finding.Clause(
        new Gauge("Dataset.*.ColumnNamesPatternMatchRatio", () -> found),
        value -> strange.isEmpty());
  }

  private List<Finding.Clause> lengths(DQRule rule, String column, Optional<String> where) {
    NumberBasedCondition condition = (NumberBasedCondition) rule.getCondition();
    Finding.Clause least = asked(rule, gauges.shortest(column, where));
    Finding.Clause most = asked(rule, gauges.longest(column, where));
    return switch (condition.getOperator()) {
      case GREATER_THAN, GREATER_THAN_EQUAL_TO -> List.of(least);
      case LESS_THAN, LESS_THAN_EQUAL_TO -> List.of(most);
      case BETWEEN, EQUALS -> List.of(least, most);
      case IN, NOT_IN, NOT_BETWEEN, NOT_EQUALS -> {
        Column test = RowTests.ofLength(Columns.named(column), condition);
        yield List.of(complies(column, "LengthCompliance", test, where, RuleTests::all));
      }
    };
  }

  private List<Finding.Clause> values(DQRule rule, String column, Optional<String> where) {
    Column value = Columns.named(column);
    if (rule.getCondition() instanceof NumberBasedCondition numbers) {
      return numbers(rule, numbers, column, where);
    }
    if (rule.getCondition() instanceof DateBasedCondition dates) {
      Column test = RowTests.ofDates(value, dates);
      return List.of(complies(column, "ColumnValues.Compliance", test, where, threshold(rule)));
    }
    StringBasedCondition texts = (StringBasedCondition) rule.getCondition();
    boolean isPattern =
        texts.getOperator() == StringBasedConditionOperator.MATCHES
            || texts.getOperator() == StringBasedConditionOperator.NOT_MATCHES;
    String metric = isPattern ? "PatternMatch" : "ColumnValues.Compliance";
    return List.of(complies(column, metric, RowTests.ofTexts(value, texts), where, RuleTests::all));
  }

  private List<Finding.Clause> numbers(
      DQRule rule, NumberBasedCondition condition, String column, Optional<String> where) {
    NumberBasedConditionOperator operator = condition.getOperator();
    List<Finding.Clause> all = new ArrayList<>();
    switch (operator) {
      case GREATER_THAN, GREATER_THAN_EQUAL_TO ->
          all.add(asked(rule, gauges.minimum(column, where)));
      case LESS_THAN, LESS_THAN_EQUAL_TO -> all.add(asked(rule, gauges.maximum(column, where)));
      default -> {
        Column test = RowTests.ofNumbers(Columns.named(column), condition, type(column));
        return List.of(complies(column, "ColumnValues.Compliance", test, where, RuleTests::all));
      }
    }
    all.add(new Finding.Clause(gauges.nulls(column, where), RuleTests::all));
    if (type(column) instanceof DoubleType || type(column) instanceof FloatType) {
      // NaN is the largest number to Spark, so a minimum does not show it.
      all.add(new Finding.Clause(gauges.notNumbers(column, where), count -> count == 0));
    }
    return all;
  }

  private Finding.Clause complies(
      String column, String metric, Column test, Optional<String> where, DoublePredicate holds) {
    String name = "Column." + Columns.bare(column) + "." + metric;
    return new Finding.Clause(gauges.compliance(name, test, where), holds);
  }

  private Finding.Clause dataType(DQRule rule, String column, Optional<String> where) {
    StringBasedCondition condition = (StringBasedCondition) rule.getCondition();
    DataType wanted =
        DataTypeTest.typeOf(condition.getOperands().get(0).getOperand()).orElseThrow();
    boolean isEqual = condition.getOperator() == StringBasedConditionOperator.EQUALS;
    Column test = DataTypeTest.column(column, wanted, rule.getTags().get("format"), isEqual);
    return complies(column, "ColumnDataType.Compliance", test, where, threshold(rule));
  }

  private Finding.Clause freshness(DQRule rule, String column, Optional<String> where) {
    Column test =
        Freshness.test(Columns.named(column), (DurationBasedCondition) rule.getCondition());
    return complies(column, "DataFreshness.Compliance", test, where, RuleTests::all);
  }

  private static boolean all(double share) {
    return share == 1.0;
  }

  private static DoublePredicate threshold(DQRule rule) {
    Condition threshold = rule.getThresholdCondition();
    boolean isGiven = threshold != null && RuleLeaves.hasText(threshold.getConditionAsString());
    return isGiven ? holds(rule, threshold) : RuleTests::all;
  }

  private DataType type(String column) {
    return Columns.find(schema, column).map(StructField::dataType).orElseThrow();
  }
}
