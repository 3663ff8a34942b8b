package io.mlpipeline.steps.evaluate;

/**
 * Rows from the highest score down, to measure again and again with other weights in one pass over
 * a single array. As exact as {@link BinaryMetrics}, of which this is the weighted form.
 */
final class RankedRows {

  private static final int POSITIVE = 2;
  private static final int LAST = 1;

  /** For each row its group, whether it is positive, and whether a lower score comes next. */
  private final int[] codes;

  private RankedRows(int[] codes) {
    this.codes = codes;
  }

  /**
   * The areas under the two curves; NaN where they are not defined.
   *
   * @param roc the chance that a positive scores above a negative, ties counting half
   * @param pr average precision
   */
  record Areas(double roc, double pr) {}

  static RankedRows of(ModelScores scores, RowGroups groups) {
    int[] rows = groups.order();
    long[] keys = new long[rows.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ~Double.doubleToLongBits(scores.output(0, rows[i]));
    }
    int[] order = KeyOrder.ascending(keys);
    int[] codes = new int[rows.length];
    for (int i = 0; i < codes.length; i++) {
      int row = rows[order[i]];
      boolean last = i + 1 == codes.length || keys[order[i]] != keys[order[i + 1]];
      codes[i] =
          groups.groupOf(row) << 2 | (scores.truth()[row] == 1 ? POSITIVE : 0) | (last ? LAST : 0);
    }
    return new RankedRows(codes);
  }

  Areas areas(byte[] weights) {
    long positives = 0;
    long negatives = 0;
    long halfPairs = 0;
    double precisions = 0;
    long positive = 0;
    long negative = 0;
    for (int code : codes) {
      int weight = weights[code >>> 2];
      int share = weight & -(code >> 1 & 1);
      positive += share;
      negative += weight - share;
      if ((code & LAST) != 0) {
        halfPairs += negative * (2 * positives + positive);
        positives += positive;
        negatives += negative;
        if (positive > 0) {
          precisions += positive * ((double) positives / (positives + negatives));
        }
        positive = 0;
        negative = 0;
      }
    }
    if (positives == 0 || negatives == 0) {
      return new Areas(Double.NaN, Double.NaN);
    }
    return new Areas(halfPairs / (2.0 * positives * negatives), precisions / positives);
  }
}
