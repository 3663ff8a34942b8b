package io.mlpipeline.steps.train;

import static org.apache.spark.sql.functions.expr;

import io.mlpipeline.steps.MlColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Labels and raw features of some training rows in arrays of the driver: all rows, or about {@value
 * #MOST_ROWS} by hash of the key.
 */
final class LeakRows {

  static final int MOST_ROWS = 20_000;

  private final double[] label;
  private final Map<String, double[]> numbers;
  private final Map<String, int[]> groups;

  /**
   * @param label the label as learners see it
   * @param numbers numeric columns by name, NaN where there is no value
   * @param groups numbers of categories by column, -1 where there is no value
   */
  LeakRows(double[] label, Map<String, double[]> numbers, Map<String, int[]> groups) {
    this.label = label;
    this.numbers = numbers;
    this.groups = groups;
  }

  static LeakRows collect(TrainingRows rows, Target.Counted target, FeatureParams params) {
    List<String> categorical =
        Stream.concat(params.categorical().stream(), params.hashed().stream()).toList();
    List<Column> columns = new ArrayList<>(List.of(target.number()));
    params.numeric().forEach(column -> columns.add(expr(NumberFeature.sql(column))));
    categorical.forEach(column -> columns.add(MlColumns.named(column).cast("string")));
    List<Row> some =
        sample(rows, target.rows()).select(columns.toArray(Column[]::new)).collectAsList();
    Map<String, double[]> numbers = new LinkedHashMap<>();
    for (int i = 0; i < params.numeric().size(); i++) {
      numbers.put(params.numeric().get(i), numbers(some, 1 + i));
    }
    Map<String, int[]> groups = new LinkedHashMap<>();
    for (int i = 0; i < categorical.size(); i++) {
      groups.put(categorical.get(i), groups(some, 1 + params.numeric().size() + i));
    }
    return new LeakRows(numbers(some, 0), numbers, groups);
  }

  private static Dataset<Row> sample(TrainingRows rows, long count) {
    if (count <= MOST_ROWS) {
      return rows.rows();
    }
    long parts = Math.max(1, TrainingRows.HASH_PARTS * (long) MOST_ROWS / count);
    return rows.rows().where(MlColumns.named(TrainingRows.STOP).lt(parts));
  }

  int size() {
    return label.length;
  }

  double[] label() {
    return label;
  }

  Map<String, double[]> numbers() {
    return numbers;
  }

  Map<String, int[]> groups() {
    return groups;
  }

  private static double[] numbers(List<Row> rows, int at) {
    return rows.stream()
        .mapToDouble(row -> row.isNullAt(at) ? Double.NaN : row.getDouble(at))
        .toArray();
  }

  private static int[] groups(List<Row> rows, int at) {
    Map<String, Integer> ids = new HashMap<>();
    return rows.stream()
        .mapToInt(
            row -> row.isNullAt(at) ? -1 : ids.computeIfAbsent(row.getString(at), v -> ids.size()))
        .toArray();
  }

  /** The places of values from the least up; what is absent comes first. */
  static int[] order(double[] values) {
    Integer[] places = new Integer[values.length];
    Arrays.setAll(places, i -> i);
    Arrays.sort(
        places,
        (a, b) -> {
          boolean absent = Double.isNaN(values[a]) || Double.isNaN(values[b]);
          return absent
              ? Boolean.compare(Double.isNaN(values[b]), Double.isNaN(values[a]))
              : Double.compare(values[a], values[b]);
        });
    return Arrays.stream(places).mapToInt(i -> i).toArray();
  }

  /** Ranks from 0, equal values sharing their mean rank; what is absent ranks first. */
  static double[] ranks(double[] values) {
    int[] order = order(values);
    double[] ranks = new double[values.length];
    int start = 0;
    while (start < order.length) {
      int end = start;
      while (end < order.length && same(values[order[end]], values[order[start]])) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + end - 1) / 2.0;
      }
      start = end;
    }
    return ranks;
  }

  private static boolean same(double a, double b) {
    return a == b || (Double.isNaN(a) && Double.isNaN(b));
  }
}
