package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.to_date;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** ColumnDataType: whether a value can be read as a type. Null cannot. */
final class DataTypeTest {

  /** The formats of a date. */
  static final SortedSet<String> FORMATS =
      new TreeSet<>(
          Set.of(
              "dd-MM-yyyy", "MM-dd-yyyy", "yyyy-MM-dd", "dd/MM/yyyy", "MM/dd/yyyy", "yyyy/MM/dd"));

  private static final Map<String, DataType> TYPES =
      new TreeMap<>(
          Map.of(
              "Boolean", DataTypes.BooleanType,
              "Date", DataTypes.DateType,
              "Timestamp", DataTypes.TimestampType,
              "Integer", DataTypes.IntegerType,
              "Long", DataTypes.LongType,
              "Float", DataTypes.FloatType,
              "Double", DataTypes.DoubleType));

  private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d{1,2}),\\s*(\\d{1,2})\\)");
  private static final int MOST_DIGITS = 38;

  private DataTypeTest() {}

  static SortedSet<String> names() {
    SortedSet<String> all = new TreeSet<>(TYPES.keySet());
    all.add("Decimal(10,2)");
    return all;
  }

  static Optional<DataType> typeOf(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    Matcher decimal = DECIMAL.matcher(wanted);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      boolean isPossible = precision > 0 && precision <= MOST_DIGITS && scale <= precision;
      return isPossible
          ? Optional.of(DataTypes.createDecimalType(precision, scale))
          : Optional.empty();
    }
    return TYPES.entrySet().stream()
        .filter(one -> one.getKey().toLowerCase(Locale.ROOT).equals(wanted))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  static Column column(String name, DataType type, @Nullable String format, boolean isWanted) {
    Column value = Columns.named(name);
    Column read =
        format == null ? value.cast(type) : to_date(value.cast(DataTypes.StringType), format);
    Column can = functions.coalesce(read.isNotNull(), lit(false));
    return isWanted ? can : not(can);
  }
}
