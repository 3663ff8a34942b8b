package io.mlpipeline.steps.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Numbers. The output is the predicted one; neither it nor the truth is NaN. */
public record RegressionYardstick() implements Yardstick {

  @Override
  public SortedMap<String, Double> measure(ModelScores scores, int[] rows) {
    return tally(scores, rows).byName();
  }

  static Tally tally(ModelScores scores, int[] rows) {
    ExactSum errors = new ExactSum();
    ExactSum absolute = new ExactSum();
    ExactSum squares = new ExactSum();
    ExactSum shares = new ExactSum();
    boolean hasShares = true;
    for (int row : rows) {
      double error = error(scores, row);
      errors.add(error);
      absolute.add(Math.abs(error));
      squares.add(error * error);
      hasShares &= scores.truth()[row] != 0;
      shares.add(hasShares ? Math.abs(error / scores.truth()[row]) : 0);
    }
    double count = rows.length;
    return Tally.started(rows.length)
        .put("rmse", Math.sqrt(squares.value() / count))
        .put("mae", absolute.value(), count)
        .put("bias", errors.value(), count)
        .put("mape", hasShares ? shares.value() / count : Double.NaN)
        .put("r2", 1 - squares.value() / spread(scores, rows));
  }

  /** The sum of squared distances from the mean; NaN if all are equal. */
  private static double spread(ModelScores scores, int[] rows) {
    double mean = mean(scores, rows);
    ExactSum spread = new ExactSum();
    boolean differ = false;
    for (int row : rows) {
      double distance = scores.truth()[row] - mean;
      spread.add(distance * distance);
      differ |= scores.truth()[row] != scores.truth()[rows[0]];
    }
    return differ ? spread.value() : Double.NaN;
  }

  private static double mean(ModelScores scores, int[] rows) {
    ExactSum sum = new ExactSum();
    for (int row : rows) {
      sum.add(scores.truth()[row]);
    }
    return sum.value() / rows.length;
  }

  @Override
  public Optional<Gains> gains(ModelScores model, ModelScores champion, RowGroups groups) {
    return Optional.of(gainsOf(model, champion, groups));
  }

  static Gains gainsOf(ModelScores model, ModelScores champion, RowGroups groups) {
    // The mean is taken off first, so that squares of large numbers do not cancel.
    double mean = mean(model, groups.order());
    double[][] sums =
        groups.sums(
            List.of(
                row -> 1,
                row -> square(error(model, row)),
                row -> square(error(champion, row)),
                row -> Math.abs(error(champion, row)) - Math.abs(error(model, row)),
                row -> model.truth()[row] - mean,
                row -> square(model.truth()[row] - mean)));
    return new Gains(
        List.of("rmse", "mae", "r2"),
        weights -> {
          double[] sum = RowGroups.weighted(sums, weights);
          double count = sum[0];
          double spread = sum[5] - sum[4] * sum[4] / count;
          return new double[] {
            Math.sqrt(sum[2] / count) - Math.sqrt(sum[1] / count),
            sum[3] / count,
            spread > 0 ? (sum[2] - sum[1]) / spread : Double.NaN
          };
        });
  }

  private static double error(ModelScores scores, int row) {
    return scores.output(0, row) - scores.truth()[row];
  }

  private static double square(double value) {
    return value * value;
  }
}
