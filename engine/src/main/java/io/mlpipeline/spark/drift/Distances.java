package io.mlpipeline.spark.drift;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Distances between two ways in which rows fall into the same bins. Shares are counts divided by
 * their sum; a bin that is empty on both sides says nothing.
 */
final class Distances {

  /** What an empty bin counts for where a logarithm needs more than nothing. */
  static final double LEAST = 0.5;

  private Distances() {}

  /**
   * The population stability index, {@code sum (q - p) ln(q / p)} over the bins: Jeffreys'
   * divergence (1946), in the form of Siddiqi, "Credit Risk Scorecards" (2006). Below 0.1 is
   * usually called stable, above 0.25 shifted. A bin that is empty on one side counts {@value
   * #LEAST} rows there, else the index would be infinite.
   */
  static double psi(long[] baseline, long[] judged) {
    double all = sum(baseline);
    double allJudged = sum(judged);
    double index = 0;
    for (int i = 0; i < baseline.length; i++) {
      index += instability(baseline[i], judged[i], all, allJudged);
    }
    return ifAny(all, allJudged, index);
  }

  private static double instability(long before, long now, double all, double allJudged) {
    if (before == 0 && now == 0) {
      return 0;
    }
    double p = floored(before) / all;
    double q = floored(now) / allJudged;
    return (q - p) * Math.log(q / p);
  }

  private static double floored(long count) {
    return count == 0 ? LEAST : count;
  }

  /**
   * The Jensen-Shannon distance with logarithms to base 2, from 0 (equal) to 1 (nothing in common):
   * the root of the divergence of Lin, "Divergence Measures Based on the Shannon Entropy" (1991),
   * which Endres and Schindelin (2003) show to be a metric.
   */
  static double jensenShannon(long[] baseline, long[] judged) {
    double all = sum(baseline);
    double allJudged = sum(judged);
    double divergence = 0;
    for (int i = 0; i < baseline.length; i++) {
      double p = baseline[i] / all;
      double q = judged[i] / allJudged;
      divergence += (towards(p, (p + q) / 2) + towards(q, (p + q) / 2)) / 2;
    }
    return ifAny(all, allJudged, Math.sqrt(Math.max(0, divergence)));
  }

  private static double towards(double share, double middle) {
    return share == 0 ? 0 : share * Math.log(share / middle) / Math.log(2);
  }

  /** The largest difference of a bin's share: {@code max |q - p|}, from 0 to 1. */
  static double largest(long[] baseline, long[] judged) {
    double all = sum(baseline);
    double allJudged = sum(judged);
    int at = widest(baseline, judged);
    double largest = at < 0 ? 0 : Math.abs(judged[at] / allJudged - baseline[at] / all);
    return ifAny(all, allJudged, largest);
  }

  /** The bin whose share differs most; -1 if there is no bin. */
  static int widest(long[] baseline, long[] judged) {
    double all = sum(baseline);
    double allJudged = sum(judged);
    return greatest(baseline.length, i -> Math.abs(judged[i] / allJudged - baseline[i] / all));
  }

  /** The bin that adds most to the stability index: a new value before a usual one that moved. */
  static int leastStable(long[] baseline, long[] judged) {
    double all = sum(baseline);
    double allJudged = sum(judged);
    return greatest(baseline.length, i -> instability(baseline[i], judged[i], all, allJudged));
  }

  private static int greatest(int bins, IntToDoubleFunction of) {
    int greatest = -1;
    double most = -1;
    for (int i = 0; i < bins; i++) {
      double one = of.applyAsDouble(i);
      if (one > most) {
        most = one;
        greatest = i;
      }
    }
    return greatest;
  }

  private static double ifAny(double all, double allJudged, double distance) {
    return all == 0 || allJudged == 0 ? Double.NaN : distance;
  }

  static double sum(long[] counts) {
    return Arrays.stream(counts).sum();
  }
}
