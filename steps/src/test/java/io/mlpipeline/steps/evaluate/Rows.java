package io.mlpipeline.steps.evaluate;

import java.util.Random;
import java.util.stream.IntStream;

/** Made-up rows for tests of the arithmetic. */
final class Rows {

  private Rows() {}

  static ModelScores scores(double[] truth, double[]... outputs) {
    return new ModelScores(truth, outputs);
  }

  static int[] all(ModelScores scores) {
    return IntStream.range(0, scores.rows()).toArray();
  }

  /** Truths of which a share is 1. */
  static double[] classes(Random random, int rows, double share) {
    return random.doubles(rows).map(x -> x < share ? 1 : 0).toArray();
  }

  /** Probabilities that lean towards the truth; the more noise, the less. */
  static double[] guesses(Random random, double[] truth, double signal, double noise) {
    double[] guesses = new double[truth.length];
    for (int i = 0; i < guesses.length; i++) {
      double x = signal * (truth[i] - 0.5) + noise * random.nextGaussian();
      guesses[i] = 1 / (1 + Math.exp(-x));
    }
    return guesses;
  }

  /** The same rows in another order. */
  static ModelScores ordered(ModelScores scores, int[] order) {
    double[][] outputs = new double[scores.outputs().length][];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = ordered(scores.outputs()[i], order);
    }
    return new ModelScores(ordered(scores.truth(), order), outputs);
  }

  private static double[] ordered(double[] values, int[] order) {
    return IntStream.of(order).mapToDouble(i -> values[i]).toArray();
  }

  static int[] shuffled(Random random, int rows) {
    int[] order = IntStream.range(0, rows).toArray();
    for (int i = rows - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }
}
