package io.mlpipeline.steps.evaluate;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Rows in an order that is their own, by a hash of all that is known of them, and dealt out to
 * groups that are resampled as one: a group for each row up to {@value #MOST}, beyond that as many
 * groups of equal size. Rows that say the same are interchangeable, so whatever is computed of
 * groups does not depend on the order in which the rows came.
 */
final class RowGroups {

  static final int MOST = 1 << 17;

  private final int[] order;
  private final int[] groupOfRow;
  private final int count;

  private RowGroups(int[] order, int[] groupOfRow, int count) {
    this.order = order;
    this.groupOfRow = groupOfRow;
    this.count = count;
  }

  /** Groups of the rows at these indexes. */
  static RowGroups of(ModelScores model, ModelScores champion, int[] rows) {
    return of(model, champion, rows, MOST);
  }

  static RowGroups of(ModelScores model, ModelScores champion, int[] rows, int most) {
    long[] hashes = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      hashes[i] = hash(champion, rows[i], hash(model, rows[i], 0));
    }
    int[] order = KeyOrder.ascending(hashes);
    int count = Math.min(most, rows.length);
    int[] groups = new int[model.rows()];
    for (int position = 0; position < order.length; position++) {
      order[position] = rows[order[position]];
      groups[order[position]] = position % count;
    }
    return new RowGroups(order, groups, count);
  }

  private static long hash(ModelScores scores, int row, long seed) {
    long hash = SplitMix.mix(seed, Double.doubleToLongBits(scores.truth()[row]));
    for (double[] output : scores.outputs()) {
      hash = SplitMix.mix(hash, Double.doubleToLongBits(output[row]));
    }
    return hash;
  }

  /** The rows' indexes in their own order; not copied. */
  int[] order() {
    return order;
  }

  int groupOf(int row) {
    return groupOfRow[row];
  }

  /** How many groups there are. */
  int count() {
    return count;
  }

  /** What the rows of each group add up to, by column and group. */
  double[][] sums(List<IntToDoubleFunction> columns) {
    double[][] sums = new double[columns.size()][count];
    for (int column = 0; column < sums.length; column++) {
      IntToDoubleFunction value = columns.get(column);
      for (int row : order) {
        sums[column][groupOfRow[row]] += value.applyAsDouble(row);
      }
    }
    return sums;
  }

  /** The weighted sum of each column. */
  static double[] weighted(double[][] sums, byte[] weights) {
    double[] totals = new double[sums.length];
    for (int column = 0; column < sums.length; column++) {
      double[] of = sums[column];
      double total = 0;
      for (int group = 0; group < weights.length; group++) {
        total += weights[group] * of[group];
      }
      totals[column] = total;
    }
    return totals;
  }
}
