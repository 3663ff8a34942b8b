package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.trim;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.date.DateExpression;
import software.amazon.glue.dqdl.model.condition.number.NullNumericOperand;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;
import software.amazon.glue.dqdl.model.condition.string.StringBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringOperand;

/**
 * Conditions on the values of a column as tests of a row, built from values and never from text:
 * Deequ pastes SQL together, which takes {@code O'Brien} for {@code OBrien}, anchors only the ends
 * of {@code a|b}, and lets lengths 4 and 6 together pass for {@code != 5}.
 */
final class RowTests {

  private RowTests() {}

  /** A test by numbers; of NaN nothing holds. */
  static Column ofNumbers(Column value, NumberBasedCondition condition, DataType type) {
    boolean isFloating = type instanceof DoubleType || type instanceof FloatType;
    List<Object> numbers = new ArrayList<>();
    boolean hasNull = false;
    for (NumericOperand operand : condition.getOperands()) {
      if (operand instanceof NullNumericOperand) {
        hasNull = true;
      } else {
        // A float is compared as a float, or 0.1 would not be 0.1.
        boolean isFloat = type instanceof FloatType;
        String text = operand.getOperand();
        numbers.add(isFloat ? (Object) Float.valueOf(text) : new BigDecimal(text));
      }
    }
    Column test = compared(condition.getOperator().name(), value, value, numbers, hasNull);
    return isFloating ? test.and(value.isNull().or(not(isnan(value)))) : test;
  }

  /** A test by the length of a text. A list with a zero takes null for a text of no length. */
  static Column ofLength(Column value, NumberBasedCondition condition) {
    List<Object> numbers = new ArrayList<>();
    boolean hasZero = false;
    for (NumericOperand operand : condition.getOperands()) {
      BigDecimal number = new BigDecimal(operand.getOperand());
      hasZero |= number.signum() == 0;
      numbers.add(number);
    }
    String operator = condition.getOperator().name();
    if ("NOT_BETWEEN".equals(operator)) {
      Column outside = outside(length(value), numbers);
      return hasZero ? value.isNotNull().and(outside) : value.isNull().or(outside);
    }
    boolean isNot = operator.startsWith("NOT_");
    return membership(isNot, value, length(value), numbers, hasZero);
  }

  /** A test by calendar days. */
  static Column ofDates(Column value, DateBasedCondition condition) {
    List<Object> days = new ArrayList<>();
    boolean hasNull = false;
    for (DateExpression operand : condition.getOperands()) {
      LocalDateTime time = operand.getEvaluatedExpression();
      if (time == null) {
        hasNull = true;
      } else {
        days.add(time.toLocalDate());
      }
    }
    String operator = condition.getOperator().name();
    Column day = to_date(value);
    return "NOT_BETWEEN".equals(operator)
        ? value.isNull().or(outside(day, days))
        : compared(operator, value, day, days, hasNull);
  }

  /** A test by texts, keywords or a pattern that the whole text must match. */
  static Column ofTexts(Column value, StringBasedCondition condition) {
    return switch (condition.getOperator()) {
      case MATCHES -> value.isNotNull().and(value.rlike(whole(condition)));
      case NOT_MATCHES -> value.isNotNull().and(not(value.rlike(whole(condition))));
      case EQUALS, IN -> anyOf(value, condition.getOperands());
      case NOT_EQUALS, NOT_IN -> noneOf(value, condition.getOperands());
    };
  }

  private static String whole(StringBasedCondition condition) {
    return "\\A(?:" + condition.getOperands().get(0).getOperand() + ")\\z";
  }

  private static Column compared(
      String operator, Column value, Column shown, List<Object> operands, boolean hasNull) {
    Object first = operands.isEmpty() ? BigDecimal.ZERO : operands.get(0);
    return switch (operator) {
      case "GREATER_THAN" -> value.isNotNull().and(shown.gt(first));
      case "GREATER_THAN_EQUAL_TO" -> value.isNotNull().and(shown.geq(first));
      case "LESS_THAN" -> value.isNotNull().and(shown.lt(first));
      case "LESS_THAN_EQUAL_TO" -> value.isNotNull().and(shown.leq(first));
      case "BETWEEN" -> value.isNotNull().and(shown.gt(first)).and(shown.lt(operands.get(1)));
      case "NOT_BETWEEN" -> value.isNotNull().and(outside(shown, operands));
      case "EQUALS", "IN" -> membership(false, value, shown, operands, hasNull);
      case "NOT_EQUALS", "NOT_IN" -> membership(true, value, shown, operands, hasNull);
      default -> throw new IllegalArgumentException("no such comparison: " + operator);
    };
  }

  private static Column outside(Column shown, List<Object> bounds) {
    return shown.leq(bounds.get(0)).or(shown.geq(bounds.get(1)));
  }

  /** Null is in a list that names it, and outside of every list that does not. */
  private static Column membership(
      boolean isNot, Column value, Column shown, List<Object> listed, boolean hasNull) {
    Column isIn = listed.isEmpty() ? lit(false) : shown.isin(listed.toArray());
    if (isNot) {
      return hasNull ? value.isNotNull().and(not(isIn)) : value.isNull().or(not(isIn));
    }
    return hasNull ? value.isNull().or(isIn) : value.isNotNull().and(isIn);
  }

  private static Column anyOf(Column value, List<StringOperand> operands) {
    Column test = lit(false);
    for (StringOperand operand : operands) {
      test = test.or(is(value, operand));
    }
    return test;
  }

  private static Column noneOf(Column value, List<StringOperand> operands) {
    Column test = lit(true);
    for (StringOperand operand : operands) {
      Column isNot = not(is(value, operand));
      test = test.and(RuleLeaves.isQuoted(operand) ? value.isNull().or(isNot) : isNot);
    }
    return test;
  }

  private static Column is(Column value, StringOperand operand) {
    if (RuleLeaves.isQuoted(operand)) {
      return value.isNotNull().and(value.equalTo(operand.getOperand()));
    }
    return switch (operand.formatOperand()) {
      case "NULL" -> value.isNull();
      case "EMPTY" -> value.equalTo("");
      case "WHITESPACES_ONLY" -> length(trim(value)).equalTo(0).and(length(value).gt(0));
      default -> throw new IllegalArgumentException("no such word: " + operand.formatOperand());
    };
  }
}
