package io.mlpipeline.steps.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

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
    loss += positive * loss(score, true) + negative * loss(score, false);
    if (score > threshold) {
      truePositives = positives;
      falsePositives = negatives;
    }
  }

  /** By name; what does not exist, such as an AUC of one class, is absent. */
  SortedMap<String, Double> byName() {
    return tally().byName();
  }

  /** The same, and what the first rows by score hold. */
  SortedMap<String, Double> byName(List<TopRows> tops, long[] sorted) {
    Tally tally = tally();
    tops.forEach(top -> top.addTo(tally, sorted, positives));
    return tally.byName();
  }

  private Tally tally() {
    long rows = positives + negatives;
    Tally tally = Tally.started(Math.toIntExact(rows)).put("positives", (double) positives);
    tally.put("auc_roc", (double) halfPairs, 2.0 * positives * negatives);
    if (negatives > 0) {
      tally.put("auc_pr", precisions, (double) positives);
    }
    tally.put("log_loss", loss, (double) rows);
    long predicted = truePositives + falsePositives;
    tally.put("accuracy", (double) (truePositives + negatives - falsePositives), (double) rows);
    tally.put("f1", 2.0 * truePositives, (double) (predicted + positives));
    tally.put("precision", (double) truePositives, (double) predicted);
    tally.put("recall", (double) truePositives, (double) positives);
    tally.put("selection_rate", (double) predicted, (double) rows);
    tally.put("true_positive_rate", (double) truePositives, (double) positives);
    tally.put("false_positive_rate", (double) falsePositives, (double) negatives);
    return tally;
  }

  /** What a row of this score adds to the log-loss. */
  static double loss(double score, boolean positive) {
    double kept = Math.min(1 - LEAST, Math.max(LEAST, score));
    return positive ? -StrictMath.log(kept) : -StrictMath.log1p(-kept);
  }
}
