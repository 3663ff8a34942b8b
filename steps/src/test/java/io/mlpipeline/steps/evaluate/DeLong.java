package io.mlpipeline.steps.evaluate;

/**
 * The variance of the difference of two areas under ROC curves of the same rows (DeLong, DeLong and
 * Clarke-Pearson, "Comparing the Areas under Two or More Correlated Receiver Operating
 * Characteristic Curves", Biometrics 44, 1988), straight from the definition: each positive has as
 * its component the share of negatives below it, each negative that of positives above it, and the
 * variances of the components' differences are divided by their numbers and added.
 */
final class DeLong {

  private DeLong() {}

  static double variance(double[] truth, double[] first, double[] second) {
    return half(truth, first, second, 1) + half(truth, first, second, 0);
  }

  private static double half(double[] truth, double[] first, double[] second, double side) {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = 0; i < truth.length; i++) {
      if (truth[i] == side) {
        double difference = component(truth, first, i) - component(truth, second, i);
        sum += difference;
        squares += difference * difference;
        count++;
      }
    }
    double variance = (squares - sum * sum / count) / (count - 1);
    return variance / count;
  }

  private static double component(double[] truth, double[] scores, int at) {
    double won = 0;
    int others = 0;
    for (int i = 0; i < truth.length; i++) {
      if (truth[i] != truth[at]) {
        int order = Double.compare(scores[at], scores[i]) * (truth[at] == 1 ? 1 : -1);
        won += order > 0 ? 1 : order == 0 ? 0.5 : 0;
        others++;
      }
    }
    return won / others;
  }
}
