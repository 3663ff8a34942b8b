package io.mlpipeline.spark.table;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** The type that all texts of a column are values of, by what was counted of them. */
final class TextType {

  /** How many aggregates a column needs. */
  static final int AGGREGATES = 9;

  // A number with a zero in front, such as the zip 02134, is a text: it would come back without.
  private static final String WHOLE = "^[+-]?(0|[1-9][0-9]{0,17})$";
  private static final String PLAIN = "^[+-]?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?$";
  private static final String REAL = "^[+-]?(0|[1-9][0-9]*)?(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?$";
  private static final String DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
  private static final String TIME =
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
          + "(Z|[+-][0-9]{2}:?[0-9]{2})?$";

  private static final int LARGEST_SCALE = 4;
  private static final int SPARE_DIGITS = 2;
  private static final int LEAST_PRECISION = 10;

  private TextType() {}

  static List<Column> aggregates(Column value) {
    Column whole = value.rlike(WHOLE);
    return List.of(
        matching(value.isin("true", "false")),
        matching(whole),
        matching(value.rlike(PLAIN)),
        matching(value.rlike(REAL).and(value.cast("double").isNotNull())),
        matching(value.rlike(DATE).and(value.cast("date").isNotNull())),
        matching(value.rlike(TIME).and(value.cast("timestamp").isNotNull())),
        max(when(whole, abs(value.cast("decimal(20,0)")))),
        max(length(regexp_extract(value, "^[+-]?([0-9]+)", 1))),
        max(length(regexp_extract(value, "[.]([0-9]+)$", 1))));
  }

  private static Column matching(Column test) {
    return count(when(test, lit(1)));
  }

  /**
   * The narrowest type; text if there is no value.
   *
   * @param at where the aggregates begin
   * @param present how many values there are
   * @param numbers whether a text may stand for a number or a boolean
   */
  static String of(String name, Row row, int at, long present, boolean numbers) {
    if (present == 0) {
      return "string";
    }
    if (row.getLong(at + 4) == present) {
      return "date";
    }
    if (row.getLong(at + 5) == present) {
      return "timestamp";
    }
    return numbers ? number(name, row, at, present) : "string";
  }

  private static String number(String name, Row row, int at, long present) {
    if (row.getLong(at) == present) {
      return "boolean";
    }
    if (row.getLong(at + 1) == present) {
      BigDecimal largest = row.getDecimal(at + 6);
      boolean isSmall = largest.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
      // Identifiers grow.
      return isSmall && !SchemaGuess.isId(name) ? "int" : "bigint";
    }
    int scale = row.getInt(at + 8);
    if (row.getLong(at + 2) == present && scale <= LARGEST_SCALE) {
      int precision = Math.max(LEAST_PRECISION, row.getInt(at + 7) + SPARE_DIGITS + scale);
      return "decimal(" + precision + "," + scale + ")";
    }
    return row.getLong(at + 3) == present ? "double" : "string";
  }
}
