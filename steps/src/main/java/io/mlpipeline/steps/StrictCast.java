package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.to_timestamp;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Casts that give null rather than another value. Spark's own turn {@code 12.7} into the integer
 * 12, {@code 2024} into a date, {@code 10:30} into a time of today and {@code 1.239} into {@code
 * decimal(10,2)} 1.24; here each is null, and null where a value stood is a bad record.
 */
final class StrictCast {

  /** The name of the ISO format among patterns. */
  static final String ISO = "iso";

  private static final String NUMBER = "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$";
  private static final int MOST_DIGITS = 38;

  private StrictCast() {}

  /**
   * The column {@code name}, of type {@code from}, as {@code to}. The name needs no quotes.
   *
   * @param formats patterns of dates and timestamps in texts, the first that fits counts; empty
   *     means ISO, and UTC if the text names no zone
   */
  static Column cast(String name, DataType from, DataType to, List<String> formats) {
    if (from.equals(to)) {
      return col(name);
    }
    if (from instanceof StringType) {
      return ofText(name, to, formats);
    }
    Column plain = tryCast(name, to);
    if (to instanceof NumericType && from instanceof NumericType) {
      return when(plain.cast(from).equalTo(col(name)), plain);
    }
    return plain;
  }

  /** A whole number that was written with a point and zeros; null for any other text. */
  static Column wholeNumber(String name, DataType to) {
    String before = "substring_index(trim(" + name + "), '.', 1)";
    Column whole = expr("try_cast(" + before + " AS " + to.sql() + ")");
    return when(trim(col(name)).rlike("^[+-]?[0-9]+\\.0+$"), whole);
  }

  /** Whether texts of this type are read by patterns. */
  static boolean hasFormat(DataType type) {
    return type instanceof DateType || isTimestamp(type);
  }

  private static boolean isTimestamp(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }

  private static Column ofText(String name, DataType to, List<String> formats) {
    if (hasFormat(to)) {
      Column[] tries =
          formats.stream().map(format -> ofText(name, to, format)).toArray(Column[]::new);
      return formats.isEmpty() ? ofText(name, to, ISO) : coalesce(tries);
    }
    if (to instanceof DoubleType || to instanceof FloatType) {
      Column number = tryCast(name, to);
      Column finite = abs(number).lt(lit(Double.POSITIVE_INFINITY));
      return when(trim(col(name)).rlike(NUMBER).and(finite), number);
    }
    return to instanceof DecimalType decimal ? exactDecimal(name, decimal) : tryCast(name, to);
  }

  private static Column ofText(String name, DataType to, String format) {
    Column text = col(name);
    if (isTimestamp(to)) {
      return format.equals(ISO)
          ? when(startsWithDate(text), tryCast(name, to))
          : to_timestamp(trim(text), format).cast(to);
    }
    return format.equals(ISO) ? isoDate(name) : to_date(trim(text), format);
  }

  /** Two dashes in their places tell a date from a time of the day; a pattern would cost more. */
  private static Column startsWithDate(Column text) {
    Column dash = lit("-");
    return substring(trim(text), 5, 1).equalTo(dash).and(substring(trim(text), 8, 1).equalTo(dash));
  }

  private static Column isoDate(String name) {
    Column date = tryCast(name, DataTypes.DateType);
    return when(date.cast(DataTypes.StringType).equalTo(trim(col(name))), date);
  }

  /** Null if the text has more digits behind the point than the type. */
  private static Column exactDecimal(String name, DecimalType type) {
    int digitsBefore = type.precision() - type.scale();
    DecimalType widest = DataTypes.createDecimalType(MOST_DIGITS, MOST_DIGITS - digitsBefore);
    Column number = tryCast(name, type);
    return when(number.cast(widest).equalTo(tryCast(name, widest)), number);
  }

  private static Column tryCast(String name, DataType to) {
    return expr("try_cast(" + name + " AS " + to.sql() + ")");
  }
}
