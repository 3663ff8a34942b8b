package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NullNumericOperand;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringBasedConditionOperator;

/** Whether the columns that a rule names exist and are of a type that it can judge. */
final class ColumnFit {

  private static final Set<String> GROUPED =
      Set.of(
          "IsUnique",
          "Uniqueness",
          "UniqueValueRatio",
          "IsPrimaryKey",
          "DistinctValuesCount",
          "Entropy",
          "DuplicateRowCount",
          "FunctionalDependency");

  private final StructType schema;
  private final List<Fault> faults = new ArrayList<>();

  private ColumnFit(StructType schema) {
    this.schema = schema;
  }

  static List<Fault> of(DQRule rule, StructType schema) {
    ColumnFit fit = new ColumnFit(schema);
    RuleLeaves.of(rule).forEach(fit::leaf);
    return fit.faults;
  }

  private void leaf(DQRule rule) {
    if ("ColumnExists".equals(rule.getRuleType())) {
      return;
    }
    for (String name : RuleLeaves.columns(rule)) {
      Optional<StructField> field = Columns.find(schema, name);
      if (field.isPresent()) {
        type(rule, field.get());
      } else {
        missing("there is no column \"" + name + "\"", name);
      }
    }
    if (RuleLeaves.columns(rule).isEmpty() && "DuplicateRowCount".equals(rule.getRuleType())) {
      Arrays.stream(schema.fields()).forEach(field -> type(rule, field));
    }
    RuleLeaves.where(rule).ifPresent(filter -> condition("the filter", filter));
    if ("Satisfies".equals(rule.getRuleType())) {
      condition("the condition", RuleLeaves.parameter(rule, "Condition"));
    }
  }

  private void missing(String message, String name) {
    Set<String> known = new TreeSet<>(Arrays.asList(schema.fieldNames()));
    faults.add(
        Fault.of(
            message,
            Nearest.suggestion(name, known).orElse("columns: " + String.join(", ", known))));
  }

  private void condition(String what, String sql) {
    try {
      walk(what, new CatalystSqlParser().parseExpression(sql));
    } catch (Exception ignored) {
      // Text that does not parse is refused with the rule's text.
    }
  }

  private void walk(String what, Expression expression) {
    if (expression instanceof UnresolvedAttribute attribute) {
      List<String> parts = Scala.list(attribute.nameParts());
      if (Columns.find(schema, parts.get(0)).isEmpty()) {
        missing(what + " names a column \"" + parts.get(0) + "\"", parts.get(0));
      }
    }
    Scala.list(expression.children()).forEach(child -> walk(what, child));
  }

  private void type(DQRule rule, StructField field) {
    DataType type = field.dataType();
    switch (rule.getRuleType()) {
      case "ColumnLength" -> need(field, type instanceof StringType, "text");
      case "DataFreshness" -> need(field, isTime(type) || type instanceof StringType, "times");
      case "ColumnValues" -> values(rule, field);
      case "ColumnDataType" -> need(field, !isNested(type), "simple values");
      case "Quantile", "AggregateMatch" -> need(field, type instanceof NumericType, "numbers");
      case "ReferentialIntegrity", "DatasetMatch" ->
          need(field, !hasMap(type), "values that can be compared");
      default -> {
        if (RuleTypes.STATISTICS.contains(rule.getRuleType())) {
          need(field, type instanceof NumericType, "numbers");
        } else if (GROUPED.contains(rule.getRuleType())) {
          need(field, !hasMap(type), "values that can be compared");
        }
      }
    }
  }

  private void values(DQRule rule, StructField field) {
    DataType type = field.dataType();
    if (rule.getCondition() instanceof NumberBasedCondition numbers) {
      boolean onlyNull =
          numbers.getOperands().stream().allMatch(NullNumericOperand.class::isInstance);
      need(field, onlyNull || type instanceof NumericType, "numbers");
    } else if (rule.getCondition() instanceof DateBasedCondition) {
      need(field, isTime(type) || type instanceof StringType, "dates");
    } else if (rule.getCondition() instanceof StringBasedCondition texts) {
      boolean isPattern =
          texts.getOperator() == StringBasedConditionOperator.MATCHES
              || texts.getOperator() == StringBasedConditionOperator.NOT_MATCHES;
      boolean onlyNull =
          !isPattern
              && texts.getOperands().stream().allMatch(o -> "NULL".equals(o.formatOperand()));
      need(field, onlyNull || type instanceof StringType, "text");
    }
  }

  private void need(StructField field, boolean isFit, String wanted) {
    if (!isFit) {
      faults.add(
          Fault.of(
              "column \""
                  + field.name()
                  + "\" is "
                  + field.dataType().catalogString().toLowerCase(Locale.ROOT)
                  + ", and the rule judges "
                  + wanted,
              "use a rule for that type, or cast the column in the step"));
    }
  }

  private static boolean isTime(DataType type) {
    return type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  private static boolean isNested(DataType type) {
    return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
  }

  /** Whether a type has a map in it, which Spark neither compares nor hashes. */
  static boolean hasMap(DataType type) {
    return holds(type, MapType.class::isInstance);
  }

  private static boolean holds(DataType type, Predicate<DataType> wanted) {
    if (wanted.test(type)) {
      return true;
    }
    if (type instanceof ArrayType array) {
      return holds(array.elementType(), wanted);
    }
    return type instanceof StructType struct
        && Arrays.stream(struct.fields()).anyMatch(f -> holds(f.dataType(), wanted));
  }
}
