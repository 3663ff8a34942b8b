package io.mlpipeline.steps.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Two classes. The output is the probability, from 0 to 1, that the truth is 1.
 *
 * @param threshold a probability above it is a yes
 * @param tops how many of the highest rows are looked at by themselves
 */
public record BinaryYardstick(double threshold, List<TopRows> tops) implements Yardstick {

  public BinaryYardstick {
    tops = List.copyOf(tops);
  }

  @Override
  public SortedMap<String, Double> measure(ModelScores scores, int[] rows) {
    long[] keys = new long[rows.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = BinaryMetrics.key(scores.output(0, rows[i]), isPositive(scores, rows[i]));
    }
    return BinaryMetrics.of(keys, threshold).byName(tops, keys); // which are sorted by now
  }

  @Override
  public SortedMap<String, Double> count(ModelScores scores, int[] rows) {
    int positives = 0;
    for (int row : rows) {
      positives += isPositive(scores, row) ? 1 : 0;
    }
    return Tally.started(rows.length).put("positives", positives).byName();
  }

  @Override
  public Optional<Gains> gains(ModelScores model, ModelScores champion, RowGroups groups) {
    RankedRows ranked = RankedRows.of(model, groups);
    RankedRows former = RankedRows.of(champion, groups);
    Gains ranks =
        new Gains(
            List.of("auc_roc", "auc_pr"),
            weights -> {
              RankedRows.Areas mine = ranked.areas(weights);
              RankedRows.Areas theirs = former.areas(weights);
              return new double[] {mine.roc() - theirs.roc(), mine.pr() - theirs.pr()};
            });
    return Optional.of(ranks.and(decisions(model, champion, groups)));
  }

  private Gains decisions(ModelScores model, ModelScores champion, RowGroups groups) {
    double[][] sums =
        groups.sums(
            List.of(
                row -> 1,
                row -> loss(champion, row) - loss(model, row),
                row -> right(model, row) - right(champion, row),
                row -> model.truth()[row],
                row -> yes(model, row),
                row -> yes(champion, row),
                row -> yes(model, row) * model.truth()[row],
                row -> yes(champion, row) * model.truth()[row]));
    return new Gains(
        List.of("log_loss", "accuracy", "f1"),
        weights -> {
          double[] sum = RowGroups.weighted(sums, weights);
          double f1 = 2 * sum[6] / (sum[4] + sum[3]) - 2 * sum[7] / (sum[5] + sum[3]);
          return new double[] {sum[1] / sum[0], sum[2] / sum[0], f1};
        });
  }

  private static boolean isPositive(ModelScores scores, int row) {
    return scores.truth()[row] == 1;
  }

  private static double loss(ModelScores scores, int row) {
    return BinaryMetrics.loss(scores.output(0, row), isPositive(scores, row));
  }

  private double yes(ModelScores scores, int row) {
    return scores.output(0, row) > threshold ? 1 : 0;
  }

  private double right(ModelScores scores, int row) {
    return yes(scores, row) == scores.truth()[row] ? 1 : 0;
  }
}
