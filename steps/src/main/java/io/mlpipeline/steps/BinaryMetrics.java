package io.mlpipeline.steps;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well scores separate two classes. Exact, not binned; equal scores are one threshold.
 *
 * <p>Everything is counted in whole numbers, thresholds from the highest score down, so that no
 * order of rows changes a digit. AUC-ROC is the chance that a positive scores above a negative,
 * ties counting half (Mann and Whitney). AUC-PR is average precision: the sum over thresholds of
 * precision times what recall gains, without interpolation. Log-loss is added up in the order of
 * the scores, with scores kept 1e-15 away from 0 and 1.
 */
final class BinaryMetrics {

  private static final double LEAST = 1e-15;

  private long positives;
  private long negatives;
  private long truePositives;
  private long falsePositives;
  private long halfPairs;
  private double precisions;
  private double loss;

  private BinaryMetrics() {}

  /**
   * @param keys one {@link #key} a row, in any order; is sorted
   * @param threshold a score above it is a yes
   */
  static BinaryMetrics of(long[] keys, double threshold) {
    Arrays.parallelSort(keys);
    BinaryMetrics metrics = new BinaryMetrics();
    int end = keys.length;
    while (end > 0) {
      long score = keys[end - 1] >>> 1;
      int start = end;
      long positive = 0;
      while (start > 0 && keys[start - 1] >>> 1 == score) {
        start--;
        positive += keys[start] & 1;
      }
      metrics.add(Double.longBitsToDouble(score), positive, end - start - positive, threshold);
      end = start;
    }
    return metrics;
  }

  /** A score from 0 to 1 and its truth in one number that sorts like the score. */
  static long key(double score, boolean positive) {
    return Double.doubleToLongBits(score) << 1 | (positive ? 1 : 0);
  }

  private void add(double score, long positive, long negative, double threshold) {
    halfPairs = Math.addExact(halfPairs, Math.multiplyExact(negative, 2 * positives + positive));
    positives += positive;
    negatives += negative;
    precisions += positive * ((double) positives / (positives + negatives));
    double kept = Math.min(1 - LEAST, Math.max(LEAST, score));
    loss -= positive * StrictMath.log(kept) + negative * StrictMath.log1p(-kept);
    if (score > threshold) {
      truePositives = positives;
      falsePositives = negatives;
    }
  }

  /** By name; what does not exist, such as an AUC of one class, is absent. */
  SortedMap<String, Double> byName() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    long rows = positives + negatives;
    metrics.put("rows", (double) rows);
    put(metrics, "auc_roc", (double) halfPairs, 2.0 * positives * negatives);
    if (negatives > 0) {
      put(metrics, "auc_pr", precisions, (double) positives);
    }
    put(metrics, "log_loss", loss, (double) rows);
    put(metrics, "accuracy", (double) (truePositives + negatives - falsePositives), (double) rows);
    put(metrics, "f1", 2.0 * truePositives, (double) (truePositives + falsePositives + positives));
    return metrics;
  }

  private static void put(SortedMap<String, Double> to, String name, double part, double whole) {
    if (whole > 0) {
      to.put(name, part / whole);
    }
  }
}
