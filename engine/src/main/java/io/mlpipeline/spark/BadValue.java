package io.mlpipeline.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;
import org.jspecify.annotations.Nullable;

/**
 * The value that a failure is about, and its column, as far as Spark's error classes and the
 * parsers of its readers tell; nothing is guessed. Pure.
 *
 * @param errorClass Spark's name of the error; null where a reader's parser told the value
 * @param column null if it is not told
 * @param value as text; null if it is not told
 */
record BadValue(@Nullable String errorClass, @Nullable String column, @Nullable String value) {

  private static final int LONGEST = 200;

  /** Which parameter of an error class is the value. */
  private static final Map<String, String> VALUES =
      Map.of(
          "CAST_INVALID_INPUT", "expression",
          "CAST_OVERFLOW", "value",
          "NUMERIC_VALUE_OUT_OF_RANGE", "value",
          "DUPLICATED_MAP_KEY", "key",
          "CANNOT_PARSE_JSON_FIELD", "fieldValue",
          "CAST_OVERFLOW_IN_TABLE_INSERT", "");

  /** Which is the column. */
  private static final Map<String, String> COLUMNS =
      Map.of("CANNOT_PARSE_JSON_FIELD", "fieldName", "CAST_OVERFLOW_IN_TABLE_INSERT", "columnName");

  private static final Pattern NUMBER = Pattern.compile("For input string: \"(.*?)\".*");
  private static final Pattern CAST =
      Pattern.compile("(?is)cast\\s*\\(\\s*([\\w.]+|`[^`]+`)\\s+as\\s.*");

  /** What the innermost that tells anything tells. */
  static Optional<BadValue> find(List<Throwable> chain) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      BadValue found = of(chain.get(i));
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static @Nullable BadValue of(Throwable one) {
    String errorClass = one instanceof SparkThrowable spark ? spark.getErrorClass() : null;
    if (one instanceof SparkThrowable spark
        && errorClass != null
        && VALUES.containsKey(errorClass)) {
      Map<String, String> told = spark.getMessageParameters();
      String name = COLUMNS.get(errorClass);
      String column = name == null ? cast(spark) : bare(told.get(name));
      return new BadValue(errorClass, column, bare(told.get(VALUES.get(errorClass))));
    }
    if (one instanceof NumberFormatException && isOfReader(one)) {
      Matcher number = NUMBER.matcher(String.valueOf(one.getMessage()));
      return number.matches() ? new BadValue(null, null, number.group(1)) : null;
    }
    return null;
  }

  /** The column of a query that is nothing but the cast of one. */
  private static @Nullable String cast(SparkThrowable spark) {
    QueryContext @Nullable [] contexts = spark.getQueryContext();
    if (contexts == null || contexts.length == 0) {
      return null;
    }
    String fragment = String.valueOf(contexts[0].fragment()).strip();
    Matcher column = CAST.matcher(fragment);
    return column.matches() ? column.group(1).replace("`", "") : null;
  }

  private static boolean isOfReader(Throwable one) {
    for (StackTraceElement frame : one.getStackTrace()) {
      if (frame.getClassName().startsWith("org.apache.spark.sql.catalyst.csv.")) {
        return true;
      }
    }
    return false;
  }

  /** Without the quotes that Spark puts around texts and names. */
  private static @Nullable String bare(@Nullable String told) {
    if (told == null) {
      return null;
    }
    boolean isQuoted =
        told.length() > 1
            && "'`\"".indexOf(told.charAt(0)) >= 0
            && told.charAt(told.length() - 1) == told.charAt(0);
    String text = isQuoted ? told.substring(1, told.length() - 1) : told;
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  /**
   * Adds what is known.
   *
   * @param masked why the value may not be shown; null if it may
   */
  void describe(Map<String, String> diagnostics, @Nullable String masked) {
    if (errorClass != null) {
      diagnostics.putIfAbsent("error-class", errorClass);
    }
    if (column != null) {
      diagnostics.put("column", column);
    }
    if (value != null) {
      diagnostics.put("value", masked == null ? value : masked);
    }
  }
}
