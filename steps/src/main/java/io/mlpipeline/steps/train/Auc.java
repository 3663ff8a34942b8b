package io.mlpipeline.steps.train;

import java.util.Arrays;

/** The chance that a positive scores above a negative, ties counting half (Mann and Whitney). */
final class Auc {

  private Auc() {}

  /** Exact, and the same in any order of rows; NaN if a class is not there. */
  static double of(double[] scores, boolean[] truth) {
    double[] positives = sorted(scores, truth, true);
    double[] negatives = sorted(scores, truth, false);
    double halfPairs = 0;
    int below = 0;
    int notAbove = 0;
    for (double score : positives) {
      while (below < negatives.length && negatives[below] < score) {
        below++;
      }
      while (notAbove < negatives.length && negatives[notAbove] <= score) {
        notAbove++;
      }
      halfPairs += (double) below + notAbove;
    }
    return halfPairs / (2.0 * positives.length * negatives.length);
  }

  private static double[] sorted(double[] scores, boolean[] truth, boolean wanted) {
    double[] some = new double[scores.length];
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      if (truth[i] == wanted) {
        some[size++] = scores[i];
      }
    }
    double[] sorted = Arrays.copyOf(some, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
