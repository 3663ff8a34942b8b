package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.DQRuleLogicalOperator;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringBasedConditionOperator;

/**
 * Tests whether a row breaks a rule, over rows with helper columns: how many rows share a key,
 * which value a group agrees on, whether there is a partner in another dataset. A test is never
 * null.
 */
final class RowBreaks {

  private final Dataset<Row> rows;
  private final StructType schema;
  private final Helpers helpers;
  private final GateContext context;

  RowBreaks(Dataset<Row> rows, GateContext context) {
    this.rows = rows;
    this.schema = rows.schema();
    this.helpers = new Helpers(rows);
    this.context = context;
  }

  /** The rows with what the tests need. */
  Dataset<Row> prepared() {
    return helpers.prepared();
  }

  Column of(DQRule rule) {
    if (!RuleLeaves.isComposite(rule)) {
      return leaf(rule);
    }
    boolean isAnd = rule.getOperator() == DQRuleLogicalOperator.AND;
    return rule.getNestedRules().stream()
        .map(this::of)
        .reduce((one, other) -> isAnd ? one.or(other) : one.and(other))
        .orElseThrow();
  }

  private Column leaf(DQRule rule) {
    Column inside =
        RuleLeaves.where(rule).map(filter -> sound(expr(filter))).orElseGet(() -> lit(true));
    List<String> columns = RuleLeaves.columns(rule);
    return switch (rule.getRuleType()) {
      case "IsUnique", "Uniqueness", "UniqueValueRatio", "DuplicateRowCount" ->
          repeated(columns, inside);
      case "IsPrimaryKey" -> {
        Column isNull = lit(false);
        for (String column : columns) {
          isNull = isNull.or(Columns.named(column).isNull());
        }
        yield inside.and(isNull).or(repeated(columns, inside));
      }
      case "FunctionalDependency" -> differs(columns, inside);
      case "ReferentialIntegrity" -> {
        Comparison what = Comparison.of(rule).orElseThrow();
        Dataset<Row> other = References.rows(context, String.valueOf(what.dataset()));
        yield inside.and(
            helpers.joined(what, ComparisonTests.partners(other, what, schema)).isNull());
      }
      default -> inside.and(not(coalesce(good(rule), lit(false))));
    };
  }

  /** Whether a row has not the value that most rows of its group have, or nobody knows which. */
  private Column differs(List<String> names, Column inside) {
    List<String> keys = names.subList(0, names.size() - 1);
    Column value = Columns.named(names.get(names.size() - 1));
    Column isGrouped = inside;
    for (String key : keys) {
      isGrouped = isGrouped.and(Columns.named(key).isNotNull());
    }
    Column n = helpers.first(count(lit(1L)).over(helpers.window(names, isGrouped)));
    WindowSpec group = helpers.window(keys, isGrouped);
    Column most = helpers.second(Dependencies.most(n, value).over(group));
    Column alsoMost = helpers.second(Dependencies.alsoMost(n, value).over(group));
    Column isOther = not(value.eqNullSafe(Dependencies.value(most)));
    return isGrouped.and(Dependencies.isTie(most, alsoMost).or(isOther));
  }

  private Column good(DQRule rule) {
    String type = rule.getRuleType();
    if ("Satisfies".equals(type)) {
      return sound(expr(RuleLeaves.parameter(rule, "Condition")));
    }
    String column = RuleLeaves.columns(rule).get(0);
    Column value = Columns.named(column);
    return switch (type) {
      case "IsComplete", "Completeness" -> value.isNotNull();
      case "ColumnLength" -> ofLength(value, (NumberBasedCondition) rule.getCondition());
      case "ColumnDataType" -> ofType(rule, column);
      case "ColumnValues" -> ofValue(rule, value, type(column));
      default -> throw new IllegalArgumentException(type + " blames no row");
    };
  }

  /** A condition that is a test of one row: no aggregate, no generator, nothing unknown. */
  private Column sound(Column condition) {
    Column test = coalesce(condition, lit(false));
    rows.where(test).schema();
    return test;
  }

  /** As where all rows are counted, a row whose columns are all null has no value. */
  private Column repeated(List<String> names, Column inside) {
    List<String> keys = names.isEmpty() ? List.of(rows.columns()) : names;
    Column hasValue = lit(false);
    for (String key : keys) {
      hasValue = hasValue.or(Columns.named(key).isNotNull());
    }
    Column counts = inside.and(hasValue);
    Column shared = helpers.first(count(lit(1L)).over(helpers.window(keys, counts)));
    return counts.and(shared.gt(1L));
  }

  private static Column ofLength(Column value, NumberBasedCondition condition) {
    return switch (condition.getOperator()) {
      case IN, NOT_IN, NOT_BETWEEN, NOT_EQUALS -> RowTests.ofLength(value, condition);
      default ->
          value.isNull().or(RowTests.ofNumbers(length(value), condition, DataTypes.IntegerType));
    };
  }

  private static Column ofType(DQRule rule, String column) {
    StringBasedCondition condition = (StringBasedCondition) rule.getCondition();
    DataType wanted =
        DataTypeTest.typeOf(condition.getOperands().get(0).getOperand()).orElseThrow();
    boolean isEqual = condition.getOperator() == StringBasedConditionOperator.EQUALS;
    return DataTypeTest.column(column, wanted, rule.getTags().get("format"), isEqual);
  }

  private static Column ofValue(DQRule rule, Column value, DataType type) {
    if (rule.getCondition() instanceof DateBasedCondition dates) {
      return RowTests.ofDates(value, dates);
    }
    if (rule.getCondition() instanceof StringBasedCondition texts) {
      return RowTests.ofTexts(value, texts);
    }
    NumberBasedCondition numbers = (NumberBasedCondition) rule.getCondition();
    return switch (numbers.getOperator()) {
      case GREATER_THAN, GREATER_THAN_EQUAL_TO, LESS_THAN, LESS_THAN_EQUAL_TO ->
          ofBound(value, numbers, type);
      default -> RowTests.ofNumbers(value, numbers, type);
    };
  }

  /** Compared as the smallest and the largest value are: as doubles, a float by way of its text. */
  private static Column ofBound(Column value, NumberBasedCondition condition, DataType type) {
    Column plain = type instanceof FloatType ? value.cast(DataTypes.StringType) : value;
    Column number = plain.cast(DataTypes.DoubleType);
    double bound = Double.parseDouble(condition.getOperands().get(0).getOperand());
    Column test =
        switch (condition.getOperator()) {
          case GREATER_THAN -> number.gt(bound);
          case GREATER_THAN_EQUAL_TO -> number.geq(bound);
          case LESS_THAN -> number.lt(bound);
          default -> number.leq(bound);
        };
    boolean isFloating = type instanceof DoubleType || type instanceof FloatType;
    return isFloating ? test.and(not(isnan(value))) : test;
  }

  private DataType type(String column) {
    return Columns.find(schema, column).map(StructField::dataType).orElseThrow();
  }

  /** Columns that are added to the rows before a row is judged, each once. */
  static final class Helpers {

    private static final String FIRST = "__gate_a";
    private static final String SECOND = "__gate_b";
    private static final String PARTNER = "__gate_c";

    private final Dataset<Row> rows;
    private final List<Column> first = new ArrayList<>();
    private final List<Column> second = new ArrayList<>();
    private final Map<Comparison, Dataset<Row>> partners = new LinkedHashMap<>();

    Helpers(Dataset<Row> rows) {
      this.rows = rows;
    }

    Dataset<Row> prepared() {
      Dataset<Row> all = with(with(rows, FIRST, first), SECOND, second);
      int at = 0;
      for (Map.Entry<Comparison, Dataset<Row>> one : partners.entrySet()) {
        all = withPartner(all, one.getKey(), one.getValue(), PARTNER + at++);
      }
      return all;
    }

    /** A value of the rows alone. */
    Column first(Column value) {
      return added(first, FIRST, value);
    }

    /** A value of the rows and of the first helpers. */
    Column second(Column value) {
      return added(second, SECOND, value);
    }

    /** True for a row with a partner, null for others. */
    Column joined(Comparison what, Dataset<Row> keys) {
      partners.putIfAbsent(what, keys);
      return Columns.named(PARTNER + List.copyOf(partners.keySet()).indexOf(what));
    }

    private static Dataset<Row> withPartner(
        Dataset<Row> rows, Comparison what, Dataset<Row> keys, String name) {
      List<Column> named = new ArrayList<>();
      Column isSame = lit(true);
      for (int i = 0; i < what.keys().size(); i++) {
        named.add(Columns.named("t" + i).as(name + "_" + i));
        Column mine = Columns.named(what.keys().get(i).mine());
        isSame = isSame.and(mine.equalTo(Columns.named(name + "_" + i)));
      }
      named.add(lit(true).as(name));
      return rows.join(keys.select(named.toArray(new Column[0])), isSame, "left_outer");
    }

    /** The rows of a key that count. The others are spread, or all nulls would be one partition. */
    WindowSpec window(List<String> keys, Column counts) {
      List<Column> all = new ArrayList<>(keys.stream().map(Columns::named).toList());
      all.add(when(counts, lit(0L)).otherwise(xxhash64(hashable())));
      return Window.partitionBy(all.toArray(new Column[0]));
    }

    private Column[] hashable() {
      return Arrays.stream(rows.schema().fields())
          .filter(field -> !ColumnFit.hasMap(field.dataType()))
          .map(field -> Columns.named(field.name()))
          .toArray(Column[]::new);
    }

    private static Column added(List<Column> to, String prefix, Column value) {
      Optional<Integer> same = Optional.empty();
      for (int i = 0; i < to.size(); i++) {
        if (to.get(i).expr().canonicalized().equals(value.expr().canonicalized())) {
          same = Optional.of(i);
        }
      }
      if (same.isEmpty()) {
        to.add(value);
      }
      return Columns.named(prefix + same.orElse(to.size() - 1));
    }

    private static Dataset<Row> with(Dataset<Row> rows, String prefix, List<Column> values) {
      if (values.isEmpty()) {
        return rows;
      }
      List<Column> all = new ArrayList<>();
      Arrays.stream(rows.columns()).map(Columns::named).forEach(all::add);
      for (int i = 0; i < values.size(); i++) {
        all.add(values.get(i).as(prefix + i));
      }
      return rows.select(all.toArray(new Column[0]));
    }
  }
}
