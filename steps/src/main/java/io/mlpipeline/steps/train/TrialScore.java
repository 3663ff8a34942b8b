package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * How well a trial predicts rows that it did not learn from. Sums are added up in the order of the
 * rows, which depends on content only.
 */
final class TrialScore {

  static final int MOST_ROWS = 10_000_000;

  /** A probability of 0 for what came true would cost infinitely much. */
  private static final double LEAST = 1e-15;

  private TrialScore() {}

  /** The metrics that trials of a task can be compared by, the usual one first. */
  static List<String> names(String task) {
    return switch (task) {
      case "binary-classification" -> List.of("auc_roc", "log_loss", "accuracy", "f1");
      case "multiclass-classification" -> List.of("log_loss", "accuracy", "f1");
      default -> List.of("rmse", "mae", "r2");
    };
  }

  static boolean isLowerBetter(String metric) {
    return List.of("log_loss", "rmse", "mae").contains(metric);
  }

  /**
   * @param rows label, prediction, and for classes an array of probabilities
   * @param classes how many; 0 for numbers
   */
  static SortedMap<String, Double> of(Iterator<Row> rows, int classes) {
    return classes == 0 ? numbers(rows) : classes(rows, classes);
  }

  private static SortedMap<String, Double> numbers(Iterator<Row> rows) {
    long count = 0;
    double squares = 0;
    double distances = 0;
    double mean = 0;
    double spread = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      double truth = row.getDouble(0);
      double miss = row.getDouble(1) - truth;
      count++;
      squares += miss * miss;
      distances += Math.abs(miss);
      double delta = truth - mean;
      mean += delta / count;
      spread += delta * (truth - mean);
    }
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("rmse", Math.sqrt(squares / count));
    metrics.put("mae", distances / count);
    metrics.put("r2", 1 - squares / spread);
    return metrics;
  }

  private static SortedMap<String, Double> classes(Iterator<Row> rows, int classes) {
    Tally tally = new Tally(classes);
    while (rows.hasNext()) {
      tally.add(rows.next());
    }
    return tally.metrics();
  }

  private static final class Tally {

    private final long[][] confusion;
    private double loss;
    private int rows;
    private double[] scores = new double[1024];
    private boolean[] truth = new boolean[1024];

    Tally(int classes) {
      this.confusion = new long[classes][classes];
    }

    void add(Row row) {
      int label = (int) row.getDouble(0);
      List<Double> probabilities = row.getList(2);
      confusion[label][(int) row.getDouble(1)]++;
      double probability = label < probabilities.size() ? probabilities.get(label) : 0;
      loss -= StrictMath.log(Math.min(1 - LEAST, Math.max(LEAST, probability)));
      if (confusion.length == 2) {
        keep(probabilities.size() > 1 ? probabilities.get(1) : 0, label == 1);
      }
      rows++;
    }

    private void keep(double score, boolean positive) {
      if (rows == MOST_ROWS) {
        throw new EngineException(
            ErrorType.STEP_FAILED,
            "a trial is measured on more than "
                + MOST_ROWS
                + " rows: use more folds, or search on a sample by key");
      }
      if (rows == scores.length) {
        scores = Arrays.copyOf(scores, 2 * rows);
        truth = Arrays.copyOf(truth, 2 * rows);
      }
      scores[rows] = score;
      truth[rows] = positive;
    }

    SortedMap<String, Double> metrics() {
      SortedMap<String, Double> metrics = new TreeMap<>();
      long right = 0;
      for (int i = 0; i < confusion.length; i++) {
        right += confusion[i][i];
      }
      metrics.put("accuracy", (double) right / rows);
      metrics.put("log_loss", loss / rows);
      metrics.put("f1", confusion.length == 2 ? f1(1) : meanF1());
      if (confusion.length == 2) {
        double[] all = Arrays.copyOf(scores, rows);
        metrics.put("auc_roc", Auc.of(all, Arrays.copyOf(truth, rows)));
      }
      return metrics;
    }

    /** Of several classes the mean, each counting alike. */
    private double meanF1() {
      double sum = 0;
      for (int i = 0; i < confusion.length; i++) {
        sum += f1(i);
      }
      return sum / confusion.length;
    }

    private double f1(int label) {
      long right = confusion[label][label];
      long wrong = 0;
      for (int i = 0; i < confusion.length; i++) {
        wrong += i == label ? 0 : confusion[label][i] + confusion[i][label];
      }
      return right == 0 ? 0 : 2.0 * right / (2.0 * right + wrong);
    }
  }
}
