package io.mlpipeline.spark.gate;

import java.util.Arrays;
import java.util.List;

/** Numbers about a few numbers. */
final class Sample {

  /** Makes the median of absolute deviations an estimate of a normal standard deviation. */
  private static final double NORMAL = 1.4826;

  private Sample() {}

  static double[] of(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  static double mean(double... values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** With n - 1 in the denominator; 0 for a single value. */
  static double deviation(double... values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
    return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
  }

  static double median(double... values) {
    double[] sorted = sorted(values);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The median distance from the median, on the scale of a standard deviation. */
  static double spread(double... values) {
    double median = median(values);
    return NORMAL * median(Arrays.stream(values).map(x -> Math.abs(x - median)).toArray());
  }

  /** By the nearest rank: always one of the values. */
  static double percentile(double share, double... values) {
    double[] sorted = sorted(values);
    int rank = (int) Math.ceil(share / 100 * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  private static double[] sorted(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
