package io.mlpipeline.steps.train;

import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A number that is a feature: a column, or a part of a date.
 *
 * @param name how people know it
 * @param sql SQL over the raw row: a double, null where there is none
 * @param fill {@code median}, {@code mean} or a constant
 * @param edges inner edges of intervals, {@code quantiles N}, or nothing
 */
record NumberFeature(String name, String sql, String fill, List<String> edges) {

  /** SQL of the parts of a date; weekdays are 1 (Monday) to 7. */
  static final Map<String, String> DATE_PARTS = dateParts();

  NumberFeature {
    edges = List.copyOf(edges);
  }

  private static Map<String, String> dateParts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("year", "year(%s)");
    parts.put("month", "month(%s)");
    parts.put("day", "day(%s)");
    parts.put("weekday", "weekday(%s) + 1");
    parts.put("hour", "hour(%s)");
    return parts;
  }

  /** The numbers that the params name, the parts of dates last. */
  static List<NumberFeature> all(StructType schema, FeatureParams params) {
    List<NumberFeature> numbers = new ArrayList<>();
    for (String column : params.numeric()) {
      String fill = find(params.fill(), column);
      List<String> edges = find(params.buckets(), column);
      String usual = params.impute() == FeatureParams.Impute.MEAN ? "mean" : "median";
      numbers.add(
          new NumberFeature(
              column, sql(column), fill == null ? usual : fill, edges == null ? List.of() : edges));
    }
    for (String column : params.dates()) {
      boolean isDate = MlColumns.find(schema, "dates", column).dataType() instanceof DateType;
      for (String part : params.dateParts()) {
        String pattern = DATE_PARTS.get(part);
        if (pattern != null && !(isDate && part.equals("hour"))) {
          String sql = pattern.formatted(MlColumns.quoted(column));
          numbers.add(
              new NumberFeature(
                  column + "." + part, "cast(" + sql + " AS double)", "median", List.of()));
        }
      }
    }
    return numbers;
  }

  /** A column as double, with NaN as null and no negative zero. */
  static String sql(String column) {
    return "nanvl(cast(" + MlColumns.quoted(column) + " AS double), cast(NULL AS double)) + 0D";
  }

  private static <V> @Nullable V find(Map<String, V> values, String column) {
    return values.entrySet().stream()
        .filter(e -> e.getKey().equalsIgnoreCase(column))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Into how many equally large parts its values are divided; 0 if they are not. */
  int quantiles() {
    return edges.size() == 1 ? Quantiles.count(edges.get(0)) : 0;
  }

  boolean isBucketed() {
    return !edges.isEmpty();
  }

  boolean wantsMedian() {
    return fill.equals("median");
  }
}
