package io.mlpipeline.steps.evaluate;

import java.util.Arrays;

/** Normalized discounted cumulative gain; see {@link RecommendationYardstick}. */
final class RankQuality {

  private RankQuality() {}

  /** The mean over users; NaN if there is none to judge. */
  static double mean(ModelScores scores, int[] rows, int k) {
    Integer[] byUser = Arrays.stream(rows).boxed().toArray(Integer[]::new);
    Arrays.sort(byUser, (a, b) -> Double.compare(scores.output(1, a), scores.output(1, b)));
    ExactSum sum = new ExactSum();
    int users = 0;
    int end = 0;
    for (int start = 0; start < byUser.length; start = end) {
      double user = scores.output(1, byUser[start]);
      end = start + 1;
      while (end < byUser.length && scores.output(1, byUser[end]) == user) {
        end++;
      }
      double quality = of(scores, Arrays.copyOfRange(byUser, start, end), k);
      if (quality < 0) {
        return Double.NaN;
      }
      if (end - start > 1 && Double.isFinite(quality)) {
        sum.add(quality);
        users++;
      }
    }
    return sum.value() / users;
  }

  /** NaN if no rating is above zero or the user is unknown, negative if one is below. */
  private static double of(ModelScores scores, Integer[] rows, int k) {
    double[] ratings =
        Arrays.stream(rows).mapToDouble(row -> scores.truth()[row]).sorted().toArray();
    if (ratings[0] < 0) {
      return -1;
    }
    double ideal = 0;
    for (int place = 0; place < Math.min(k, rows.length); place++) {
      ideal += ratings[rows.length - 1 - place] * discount(place);
    }
    Arrays.sort(rows, (a, b) -> Double.compare(scores.output(0, b), scores.output(0, a)));
    double reached = 0;
    int end = 0;
    for (int start = 0; start < Math.min(k, rows.length); start = end) {
      ExactSum tied = new ExactSum();
      double discounts = 0;
      for (end = start;
          end < rows.length && scores.output(0, rows[end]) == scores.output(0, rows[start]);
          end++) {
        tied.add(scores.truth()[rows[end]]);
        discounts += end < k ? discount(end) : 0;
      }
      reached += tied.value() / (end - start) * discounts;
    }
    return Double.isNaN(scores.output(1, rows[0])) || ideal == 0 ? Double.NaN : reached / ideal;
  }

  private static double discount(int place) {
    return StrictMath.log(2) / StrictMath.log(place + 2.0);
  }
}
