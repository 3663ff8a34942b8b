package io.mlpipeline.steps.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Several classes. Outputs: the number of the predicted class, and the probability that was given
 * to the true one (NaN if the model gives none). Means over classes are over those that the rows
 * have, as in MLlib's {@code MulticlassMetrics}: a class that is only predicted, wrongly then, is
 * none of them; precision of one that is never predicted is 0.
 *
 * @param classes the names of the classes by number, as parts of metrics' names
 */
public record MultiClassYardstick(List<String> classes) implements Yardstick {

  private static final double LEAST = 1e-15;

  public MultiClassYardstick {
    classes = List.copyOf(classes);
  }

  @Override
  public SortedMap<String, Double> measure(ModelScores scores, int[] rows) {
    return tally(scores, rows, counts(scores, rows)).byName();
  }

  @Override
  public SortedMap<String, Double> measureAll(ModelScores scores, int[] rows) {
    Counts counts = counts(scores, rows);
    Tally tally = tally(scores, rows, counts);
    for (int id = 0; id < classes.size(); id++) {
      tally.put("recall_" + classes.get(id), (double) counts.right[id], (double) counts.actual[id]);
      tally.put(
          "precision_" + classes.get(id), (double) counts.right[id], (double) counts.predicted[id]);
    }
    return tally.byName();
  }

  private static Tally tally(ModelScores scores, int[] rows, Counts counts) {
    Tally tally = Tally.started(rows.length);
    ExactSum loss = new ExactSum();
    boolean hasLoss = rows.length > 0;
    for (int row : rows) {
      double probability = scores.output(1, row);
      hasLoss &= !Double.isNaN(probability);
      loss.add(hasLoss ? loss(probability) : 0);
    }
    tally.put("log_loss", hasLoss ? loss.value() / rows.length : Double.NaN);
    return counts.means(tally);
  }

  private Counts counts(ModelScores scores, int[] rows) {
    Counts counts = new Counts(classes.size());
    for (int row : rows) {
      counts.add((int) scores.truth()[row], (int) scores.output(0, row), 1);
    }
    return counts;
  }

  @Override
  public Optional<Gains> gains(ModelScores model, ModelScores champion, RowGroups groups) {
    double[][] sums =
        groups.sums(
            List.of(
                row -> 1,
                row -> loss(champion.output(1, row)) - loss(model.output(1, row)),
                row -> right(model, row) - right(champion, row)));
    Gains means =
        new Gains(
            List.of("log_loss", "accuracy"),
            weights -> {
              double[] sum = RowGroups.weighted(sums, weights);
              return new double[] {sum[1] / sum[0], sum[2] / sum[0]};
            });
    Gains f1 =
        new Gains(
            List.of("macro_f1"),
            weights ->
                new double[] {
                  macroF1(model, groups, weights) - macroF1(champion, groups, weights)
                });
    return Optional.of(means.and(f1));
  }

  private double macroF1(ModelScores scores, RowGroups groups, byte[] weights) {
    Counts counts = new Counts(classes.size());
    for (int row : groups.order()) {
      counts.add(
          (int) scores.truth()[row], (int) scores.output(0, row), weights[groups.groupOf(row)]);
    }
    return counts.macroF1();
  }

  private static double right(ModelScores scores, int row) {
    return scores.output(0, row) == scores.truth()[row] ? 1 : 0;
  }

  private static double loss(double probability) {
    return -StrictMath.log(Math.max(LEAST, probability));
  }

  /** How often each class was there, was predicted, and was both. */
  private static final class Counts {

    private final long[] actual;
    private final long[] predicted;
    private final long[] right;
    private long rows;

    Counts(int classes) {
      actual = new long[classes];
      predicted = new long[classes];
      right = new long[classes];
    }

    void add(int truth, int prediction, int weight) {
      rows += weight;
      actual[truth] += weight;
      predicted[prediction] += weight;
      right[truth] += truth == prediction ? weight : 0;
    }

    double macroF1() {
      double sum = 0;
      int present = 0;
      for (int id = 0; id < actual.length; id++) {
        present += actual[id] > 0 ? 1 : 0;
        sum += actual[id] > 0 ? f1(id) : 0;
      }
      return sum / present;
    }

    Tally means(Tally tally) {
      double[] macro = new double[2];
      double[] weighted = new double[2];
      long all = 0;
      int present = 0;
      for (int id = 0; id < actual.length; id++) {
        if (actual[id] > 0) {
          double precision = predicted[id] == 0 ? 0 : (double) right[id] / predicted[id];
          present++;
          all += right[id];
          macro[0] += precision;
          macro[1] += (double) right[id] / actual[id];
          weighted[0] += precision * actual[id];
          weighted[1] += f1(id) * actual[id];
        }
      }
      return tally
          .put("accuracy", (double) all, (double) rows)
          .put("macro_precision", macro[0], present)
          .put("macro_recall", macro[1], present)
          .put("macro_f1", macroF1())
          .put("weighted_precision", weighted[0], (double) rows)
          .put("weighted_f1", weighted[1], (double) rows);
    }

    private double f1(int id) {
      return 2.0 * right[id] / (actual[id] + predicted[id]);
    }
  }
}
