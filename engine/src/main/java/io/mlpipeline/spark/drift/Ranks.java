package io.mlpipeline.spark.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distinct numbers in ascending order, each with the weight of all numbers up to and with it.
 * Immutable.
 */
final class Ranks {

  private final double[] values;
  private final long[] weights;

  Ranks(double[] values, long[] weights) {
    this.values = values.clone();
    this.weights = weights.clone();
  }

  /** A place between two numbers: after the value, or just before it. */
  record Cut(double value, boolean isAfter) {}

  /** The numbers. */
  double[] values() {
    return values.clone();
  }

  long total() {
    return weights.length == 0 ? 0 : weights[weights.length - 1];
  }

  /** How many numbers lie before a cut. */
  long before(Cut cut) {
    int found = Arrays.binarySearch(values, cut.value());
    int upTo = found >= 0 ? (cut.isAfter() ? found : found - 1) : -found - 2;
    return upTo < 0 ? 0 : weights[upTo];
  }

  /** The smallest number that at least this share of all does not exceed. */
  private double quantile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * total()));
    int found = Arrays.binarySearch(weights, wanted);
    return values[found >= 0 ? found : -found - 1];
  }

  /**
   * Cuts into about equal parts. A number that fills a part by itself is cut out on both sides:
   * else a column that is 0 in nearly every row would show nothing of the values below it.
   */
  List<Cut> cuts(int parts) {
    List<Cut> cuts = new ArrayList<>();
    if (total() == 0) {
      return cuts;
    }
    for (int i = 1; i < parts; i++) {
      double edge = quantile((double) i / parts);
      Cut after = new Cut(edge, true);
      int last = cuts.size() - 1;
      if (last < 0 || !cuts.get(last).equals(after)) {
        cuts.add(after);
      } else if (last == 0 || cuts.get(last - 1).value() != edge) {
        cuts.add(last, new Cut(edge, false));
      }
    }
    return cuts;
  }
}
