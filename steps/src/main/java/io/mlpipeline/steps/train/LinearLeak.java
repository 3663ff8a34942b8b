package io.mlpipeline.steps.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Finds few columns of which the label is a linear combination: columns come in one by one, the one
 * that explains most of the rest first, until nothing is left to explain; then those go that are
 * not needed. By the sweep operator on the matrix of correlations (Goodnight, 1979), which takes
 * one pass over the rows.
 */
final class LinearLeak {

  /** A column that is this near to a combination of the others adds nothing. */
  private static final double LEAST_PIVOT = 1e-8;

  private static final int MOST_COLUMNS = 300;

  private final List<String> names;
  private final double[][] matrix;
  private final int y;
  private final List<Integer> in = new ArrayList<>();

  private LinearLeak(List<String> names, double[][] matrix) {
    this.names = names;
    this.matrix = matrix;
    this.y = names.size();
  }

  /**
   * A combination.
   *
   * @param weights by column
   * @param constant what is added
   * @param r2 the share of the label's variance that it explains
   */
  record Found(Map<String, Double> weights, double constant, double r2) {}

  /** Two columns or more that explain the label up to the limit; with few rows, nothing. */
  static Optional<Found> find(SortedMap<String, double[]> numbers, double[] label, double limit) {
    List<String> names = new ArrayList<>();
    List<double[]> all = new ArrayList<>();
    numbers.entrySet().stream()
        .limit(MOST_COLUMNS)
        .forEach(
            number -> {
              names.add(number.getKey());
              all.add(Leakage.filled(number.getValue()));
            });
    if (names.size() < 2 || label.length < 10 * names.size()) {
      return Optional.empty();
    }
    all.add(label);
    double[][] columns = all.toArray(double[][]::new);
    double[] means = new double[columns.length];
    Arrays.setAll(means, i -> Arrays.stream(columns[i]).average().orElse(0));
    double[] lengths = new double[columns.length];
    double[][] correlations = correlations(columns, means, lengths);
    LinearLeak leak = new LinearLeak(names, correlations);
    leak.search(1 - limit);
    return leak.found(means, lengths, limit);
  }

  private static double[][] correlations(double[][] columns, double[] means, double[] lengths) {
    int size = columns.length;
    double[][] sums = new double[size][size];
    double[] row = new double[size];
    for (int r = 0; r < columns[0].length; r++) {
      for (int i = 0; i < size; i++) {
        row[i] = columns[i][r] - means[i];
      }
      for (int i = 0; i < size; i++) {
        for (int j = 0; j <= i; j++) {
          sums[i][j] += row[i] * row[j];
        }
      }
    }
    Arrays.setAll(lengths, i -> Math.sqrt(sums[i][i]));
    double[][] correlations = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double length = lengths[i] * lengths[j];
        correlations[i][j] = length > 0 ? sums[i][j] / length : 0;
        correlations[j][i] = correlations[i][j];
      }
    }
    return correlations;
  }

  private void search(double leastRest) {
    while (matrix[y][y] > leastRest && in.size() < names.size()) {
      int best = best();
      if (best < 0) {
        return;
      }
      sweep(best);
      in.add(best);
    }
    for (Integer column : List.copyOf(in)) {
      double without =
          matrix[y][y] + matrix[y][column] * matrix[y][column] / -matrix[column][column];
      if (without <= leastRest) {
        unsweep(column);
        in.remove(column);
      }
    }
  }

  /** The column that explains most of what is left; -1 if none explains anything. */
  private int best() {
    int best = -1;
    double most = 1e-12;
    for (int i = 0; i < names.size(); i++) {
      if (!in.contains(i) && matrix[i][i] > LEAST_PIVOT) {
        double explains = matrix[i][y] * matrix[i][y] / matrix[i][i];
        if (explains > most) {
          most = explains;
          best = i;
        }
      }
    }
    return best;
  }

  /** Afterwards the column's own place holds minus the inverse, its row the weights. */
  private void sweep(int k) {
    double pivot = matrix[k][k];
    eliminate(k, pivot);
    for (int i = 0; i < matrix.length; i++) {
      if (i != k) {
        matrix[i][k] /= pivot;
        matrix[k][i] = matrix[i][k];
      }
    }
    matrix[k][k] = -1 / pivot;
  }

  private void unsweep(int k) {
    double pivot = matrix[k][k];
    eliminate(k, pivot);
    for (int i = 0; i < matrix.length; i++) {
      if (i != k) {
        matrix[i][k] /= -pivot;
        matrix[k][i] = matrix[i][k];
      }
    }
    matrix[k][k] = -1 / pivot;
  }

  private void eliminate(int k, double pivot) {
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        if (i != k && j != k) {
          matrix[i][j] -= matrix[i][k] * matrix[k][j] / pivot;
        }
      }
    }
  }

  private Optional<Found> found(double[] means, double[] lengths, double limit) {
    double r2 = 1 - matrix[y][y];
    if (in.size() < 2 || r2 < limit) {
      return Optional.empty();
    }
    Map<String, Double> weights = new LinkedHashMap<>();
    double constant = means[y];
    for (int column : in.stream().sorted().toList()) {
      double weight = matrix[column][y] * lengths[y] / lengths[column];
      weights.put(names.get(column), weight);
      constant -= weight * means[column];
    }
    return Optional.of(new Found(weights, constant, r2));
  }
}
