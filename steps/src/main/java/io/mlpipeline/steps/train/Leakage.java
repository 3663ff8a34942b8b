package io.mlpipeline.steps.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds features that give the label away: one that alone tells it nearly without error, or numbers
 * of which it is a linear combination. Nobody has such columns when it matters.
 *
 * <p>A feature alone is measured by the AUC of what it says of each class (the mean over the
 * classes, if there are several), or by the share of the label's variance that it explains (R2), of
 * values and of ranks, whichever is greater. What a category says of a row is learned from the
 * other half of the rows, so that a key, which is new in every row, says nothing; numbers are taken
 * as such and by 256 intervals. Limits: {@value #LIMIT} for one feature, {@value #LINEAR_LIMIT} for
 * a combination. Fewer than {@value #LEAST_ROWS} rows are not judged: there, chance looks the same.
 */
final class Leakage {

  static final double LIMIT = 0.999;
  static final double LINEAR_LIMIT = 0.9999;
  static final int LEAST_ROWS = 100;

  private static final int INTERVALS = 256;

  private final LeakRows rows;
  private final int classes;

  private Leakage(LeakRows rows, int classes) {
    this.rows = rows;
    this.classes = classes;
  }

  /**
   * What was found.
   *
   * @param features the features
   * @param figure the AUC or R2
   * @param shown for people
   */
  record Leak(List<String> features, double figure, String shown) {}

  /**
   * @param classes how many classes the label has; 0 if it is a number
   */
  static List<Leak> find(LeakRows rows, String label, int classes) {
    if (rows.size() < LEAST_ROWS) {
      return List.of();
    }
    Leakage leakage = new Leakage(rows, classes);
    List<Leak> leaks = new ArrayList<>();
    SortedMap<String, double[]> others = new TreeMap<>(rows.numbers());
    rows.numbers()
        .forEach(
            (column, values) -> {
              double figure = leakage.figure(values);
              if (figure >= LIMIT) {
                leaks.add(leakage.alone(column, figure));
                others.remove(column);
              }
            });
    rows.groups()
        .forEach(
            (column, groups) -> {
              double figure = leakage.figure(groups);
              if (figure >= LIMIT) {
                leaks.add(leakage.alone(column, figure));
              }
            });
    if (classes <= 2) {
      LinearLeak.find(others, rows.label(), LINEAR_LIMIT)
          .ifPresent(found -> leaks.add(combined(label, found)));
    }
    return List.copyOf(leaks);
  }

  private Leak alone(String column, double figure) {
    String what = classes == 0 ? "R2" : "AUC";
    return new Leak(
        List.of(column), figure, column + " alone (" + what + " " + shown(figure) + ")");
  }

  private static Leak combined(String label, LinearLeak.Found found) {
    StringBuilder text = new StringBuilder(String.join(" and ", found.weights().keySet()));
    text.append(" together (").append(label).append(" = ");
    String plus = "";
    for (Map.Entry<String, Double> weight : found.weights().entrySet()) {
      text.append(plus).append(number(weight.getValue())).append(' ').append(weight.getKey());
      plus = " + ";
    }
    if (Math.abs(found.constant()) >= 5e-5) {
      text.append(plus).append(number(found.constant()));
    }
    text.append(", R2 ").append(shown(found.r2())).append(')');
    return new Leak(List.copyOf(found.weights().keySet()), found.r2(), text.toString());
  }

  private static String shown(double figure) {
    return String.format(Locale.ROOT, "%.4f", figure);
  }

  private static String number(double value) {
    double rounded = Math.rint(value * 1e4) / 1e4;
    return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e12
        ? Long.toString((long) rounded)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private double figure(double[] values) {
    double best = figure(intervals(values));
    if (classes == 2) {
      double auc = Auc.of(LeakRows.ranks(values), positives(1));
      best = Math.max(best, Math.max(auc, 1 - auc));
    } else if (classes == 0) {
      double[] ranks = LeakRows.ranks(values);
      best = Math.max(best, r2(filled(values), rows.label()));
      best = Math.max(best, r2(ranks, LeakRows.ranks(rows.label())));
    }
    return Double.isFinite(best) ? best : 0;
  }

  private double figure(int[] groups) {
    if (classes == 0) {
      double[] ranks = LeakRows.ranks(rows.label());
      return explained(ranks, said(groups, ranks));
    }
    double sum = 0;
    for (int label = 0; label < classes; label++) {
      boolean[] positives = positives(label);
      double[] truth = new double[positives.length];
      Arrays.setAll(truth, i -> positives[i] ? 1 : 0);
      sum += Auc.of(said(groups, truth), positives);
    }
    return Double.isFinite(sum) ? sum / classes : 0;
  }

  private boolean[] positives(int label) {
    boolean[] positives = new boolean[rows.size()];
    for (int i = 0; i < positives.length; i++) {
      positives[i] = rows.label()[i] == label;
    }
    return positives;
  }

  /** Equal values are never divided. */
  private static int[] intervals(double[] values) {
    double[] ranks = LeakRows.ranks(values);
    int size = Math.max(1, values.length / INTERVALS);
    int[] intervals = new int[values.length];
    Arrays.setAll(intervals, i -> Double.isNaN(values[i]) ? -1 : (int) (ranks[i] / size));
    return intervals;
  }

  /** What a group says of each row: the mean of the group in the other half of the rows. */
  private static double[] said(int[] groups, double[] truth) {
    double[] said = new double[truth.length];
    for (int half = 0; half < 2; half++) {
      Map<Integer, double[]> sums = new HashMap<>();
      double sum = 0;
      long count = 0;
      for (int i = 0; i < truth.length; i++) {
        if (half(i) == half) {
          double[] group = sums.computeIfAbsent(groups[i], g -> new double[2]);
          group[0] += truth[i];
          group[1]++;
          sum += truth[i];
          count++;
        }
      }
      double usual = sum / count;
      for (int i = 0; i < truth.length; i++) {
        if (half(i) != half) {
          double[] group = sums.get(groups[i]);
          said[i] = group == null ? usual : group[0] / group[1];
        }
      }
    }
    return said;
  }

  /** Not every second row: what repeats, such as the hours of a day, would be in step with it. */
  private static int half(int row) {
    return (int) (((row + 1) * 0x9E3779B97F4A7C15L * 0xBF58476D1CE4E5B9L) >>> 63);
  }

  private static double explained(double[] truth, double[] said) {
    double mean = Arrays.stream(truth).average().orElse(0);
    double missed = 0;
    double all = 0;
    for (int i = 0; i < truth.length; i++) {
      missed += (truth[i] - said[i]) * (truth[i] - said[i]);
      all += (truth[i] - mean) * (truth[i] - mean);
    }
    return all == 0 ? 0 : 1 - missed / all;
  }

  static double[] filled(double[] values) {
    double mean = Arrays.stream(values).filter(v -> !Double.isNaN(v)).average().orElse(0);
    return Arrays.stream(values).map(v -> Double.isNaN(v) ? mean : v).toArray();
  }

  /** The square of the correlation. */
  private static double r2(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa == 0 || bb == 0 ? 0 : ab * ab / aa / bb;
  }
}
