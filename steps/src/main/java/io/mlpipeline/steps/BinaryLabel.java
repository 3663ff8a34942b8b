package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.lit;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * A column of two values as text, and which of them counts as 1.
 *
 * @param column the column
 * @param type its type
 * @param positive the value that counts as 1, as {@link #text} writes it
 */
record BinaryLabel(String column, DataType type, String positive) {

  /**
   * @param positive as written in the pipeline; empty if it was not
   */
  static BinaryLabel of(String column, DataType type, String positive) {
    return new BinaryLabel(column, type, positive(column, type, positive));
  }

  private static String positive(String column, DataType type, String positive) {
    if (type instanceof BooleanType) {
      String value = positive.isEmpty() ? "true" : positive.toLowerCase(Locale.ROOT);
      if (value.equals("true") || value.equals("false")) {
        return value;
      }
      throw invalid("label " + column + " is boolean, so positive cannot be '" + positive + "'");
    }
    if (type instanceof NumericType) {
      try {
        return Double.toString(positive.isEmpty() ? 1 : Double.parseDouble(positive));
      } catch (NumberFormatException e) {
        throw invalid("label " + column + " is a number, so positive cannot be '" + positive + "'");
      }
    }
    if (!(type instanceof StringType)) {
      throw invalid(
          "label " + column + " is " + type.simpleString() + "; it must be text, boolean, number");
    }
    if (positive.isEmpty()) {
      throw invalid("label " + column + " is text: say with positive which value counts as 1");
    }
    return positive;
  }

  /** The label as text, so that equal values have equal text; null if null or NaN. */
  Column text() {
    Column raw = MlColumns.named(column);
    return type instanceof NumericType ? MlColumns.number(raw).cast("string") : raw.cast("string");
  }

  /** 1.0 where the {@link #text} is the positive value, otherwise 0.0. */
  Column isPositive(Column text) {
    return text.equalTo(lit(positive)).cast("double");
  }

  /** Refuses anything but two values of which one is the positive one. */
  void check(Set<String> values) {
    if (values.size() > 2) {
      throw failed(
          "label "
              + column
              + " has more than two values: "
              + some(values)
              + "; a classifier of two classes would silently take the rest as one");
    }
    if (values.size() == 2 && !values.contains(positive)) {
      throw invalid(
          "label " + column + " is never '" + positive + "'; its values are " + some(values));
    }
    if (values.size() < 2) {
      throw failed("label " + column + " has one value only: " + some(values));
    }
  }

  private static String some(Set<String> values) {
    return String.join(", ", new TreeSet<>(values).stream().limit(5).toList())
        + (values.size() > 5 ? ", ..." : "");
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }
}
