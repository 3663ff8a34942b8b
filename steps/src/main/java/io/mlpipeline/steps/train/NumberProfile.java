package io.mlpipeline.steps.train;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.var_pop;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What a number is like in the rows that teach; the same whatever the order in which partitions
 * come.
 *
 * @param feature the number
 * @param min its least value
 * @param max its greatest value
 * @param mean the mean of the values that are there
 * @param deviation their standard deviation (of the population)
 * @param fill what takes the place of an absent value
 * @param edges inner edges of its intervals; none if it is taken as it is
 */
record NumberProfile(
    NumberFeature feature,
    double min,
    double max,
    double mean,
    double deviation,
    double fill,
    List<Double> edges) {

  /** Spark's generated code falls off a cliff somewhere above 70 aggregates. */
  private static final int COLUMNS_A_SCAN = 12;

  /** Refuses numbers that are not there, or infinite. */
  static List<NumberProfile> of(Dataset<Row> rows, List<NumberFeature> features) {
    List<NumberProfile> profiles = new ArrayList<>();
    for (int from = 0; from < features.size(); from += COLUMNS_A_SCAN) {
      int to = Math.min(features.size(), from + COLUMNS_A_SCAN);
      scan(rows, features.subList(from, to), profiles);
    }
    return profiles;
  }

  private static void scan(
      Dataset<Row> rows, List<NumberFeature> features, List<NumberProfile> profiles) {
    Dataset<Row> numbers =
        rows.select(
            features.stream()
                .map(f -> expr(f.sql()).as("n" + features.indexOf(f)))
                .toArray(Column[]::new));
    List<Moments> moments = moments(numbers, features.size());
    Row quantiles = quantiles(numbers, features);
    for (int i = 0; i < features.size(); i++) {
      NumberFeature feature = features.get(i);
      Moments all = moments.get(i);
      all.check(feature);
      double fill =
          switch (feature.fill()) {
            case "median" -> quantiles.<Double>getList(i).get(0);
            case "mean" -> all.mean;
            default -> Double.parseDouble(feature.fill());
          };
      double deviation = Math.sqrt(all.squares / all.count);
      List<Double> edges = edges(feature, quantiles, i);
      profiles.add(new NumberProfile(feature, all.min, all.max, all.mean, deviation, fill, edges));
    }
  }

  /** Moments are taken partition by partition, and put together in the partitions' order. */
  private static List<Moments> moments(Dataset<Row> numbers, int size) {
    List<Column> aggregates = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Column number = col("n" + i);
      aggregates.add(count(number));
      aggregates.add(functions.min(number));
      aggregates.add(functions.max(number));
      aggregates.add(avg(number));
      aggregates.add(var_pop(number));
    }
    Column[] rest = aggregates.subList(1, aggregates.size()).toArray(Column[]::new);
    List<Row> parts =
        numbers
            .groupBy(spark_partition_id().as("part"))
            .agg(aggregates.get(0), rest)
            .collectAsList()
            .stream()
            .sorted(Comparator.comparingInt(row -> row.getInt(0)))
            .toList();
    List<Moments> moments = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Moments all = new Moments();
      int at = 1 + 5 * i;
      parts.stream().filter(part -> part.getLong(at) > 0).forEach(part -> all.add(part, at));
      moments.add(all);
    }
    return moments;
  }

  /** Of each number the median, or what its intervals want, too. */
  private static Row quantiles(Dataset<Row> numbers, List<NumberFeature> features) {
    List<Column> aggregates = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      NumberFeature feature = features.get(i);
      List<Double> shares = new ArrayList<>(List.of(0.5));
      shares.addAll(Quantiles.shares(feature.quantiles()));
      boolean wanted = feature.wantsMedian() || feature.quantiles() > 0;
      String array = shares.toString().replace("[", "array(").replace("]", ")");
      aggregates.add(
          wanted ? percentile(col("n" + i), expr(array)) : lit(null).cast("array<double>"));
    }
    Column[] rest = aggregates.subList(1, aggregates.size()).toArray(Column[]::new);
    boolean none = features.stream().noneMatch(f -> f.wantsMedian() || f.quantiles() > 0);
    Dataset<Row> source = none ? numbers.limit(0) : numbers;
    return source.agg(aggregates.get(0), rest).head();
  }

  private static List<Double> edges(NumberFeature feature, Row quantiles, int at) {
    if (feature.quantiles() > 0) {
      List<Double> values = quantiles.getList(at);
      return values.subList(1, values.size()).stream().distinct().toList();
    }
    return feature.edges().stream().map(Double::parseDouble).toList();
  }

  boolean isConstant() {
    return min == max;
  }

  /** SQL of the filled value, taken by its interval or brought to scale. */
  String sql(FeatureParams.Scale scale) {
    String filled = "coalesce(" + feature.sql() + ", " + fill + "D)";
    if (feature.isBucketed()) {
      return interval(filled);
    }
    return switch (scale) {
      case NONE -> filled;
      case STANDARD -> scaled(filled, mean, deviation);
      case MIN_MAX -> scaled(filled, min, max - min);
    };
  }

  /** The least that {@link #sql} gives in the rows that teach. */
  double least(FeatureParams.Scale scale) {
    boolean positive = feature.isBucketed() || scale == FeatureParams.Scale.MIN_MAX;
    return positive ? 0 : Math.min(min, fill);
  }

  private static String scaled(String number, double zero, double one) {
    return one > 0 ? "(" + number + " - " + zero + "D) / " + one + "D" : "0D * " + number;
  }

  private String interval(String number) {
    StringBuilder sql = new StringBuilder("CASE");
    for (int i = 0; i < edges.size(); i++) {
      sql.append(" WHEN ").append(number).append(" < ").append(edges.get(i)).append("D THEN ");
      sql.append(i).append('D');
    }
    return sql.append(" ELSE ").append(edges.size()).append("D END").toString();
  }

  /** Counts and sums that can be put together (Chan, Golub and LeVeque, 1979). */
  private static final class Moments {

    private long count;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double mean;
    private double squares;

    void add(Row part, int at) {
      long more = part.getLong(at);
      double delta = part.getDouble(at + 3) - mean;
      long all = count + more;
      squares += part.getDouble(at + 4) * more + delta * delta * count / all * more;
      mean += delta * more / all;
      min = Math.min(min, part.getDouble(at + 1));
      max = Math.max(max, part.getDouble(at + 2));
      count = all;
    }

    void check(NumberFeature feature) {
      if (count == 0) {
        throw failed("numeric column " + feature.name() + " has no value in any row: take it out");
      }
      if (Double.isInfinite(min) || Double.isInfinite(max)) {
        throw failed(
            "numeric column "
                + feature.name()
                + " holds infinite values: make them null in a step before");
      }
      if (!Double.isFinite(mean) || !Double.isFinite(squares)) {
        throw failed("the mean of " + feature.name() + " is beyond a double: scale the column");
      }
    }

    private static EngineException failed(String message) {
      return new EngineException(ErrorType.STEP_FAILED, message);
    }
  }
}
