package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class RecommendationYardstickTest {

  private static final double SECOND = Math.log(2) / Math.log(3);

  @Test
  void judgesTheOrderOfAUsersItemsByTheirRatings() {
    double[] ratings = {5, 1, 3, 4};
    double[] users = {1, 1, 2, 2};
    // User 1 is served well, user 2 the wrong way round.
    SortedMap<String, Double> metrics = measure(2, ratings, new double[] {4, 2, 3, 1}, users);
    double reversed = (3 + 4 * SECOND) / (4 + 3 * SECOND);
    assertThat(metrics.get("ndcg_at_2")).isEqualTo((1 + reversed) / 2, within(1e-15));
    assertThat(measure(1, ratings, new double[] {4, 2, 3, 1}, users).get("ndcg_at_1"))
        .isEqualTo((1 + 3 / 4.0) / 2, within(1e-15));
  }

  @Test
  void equalPredictionsShareTheirPlaces() {
    double tied = (5 + 1) / 2.0 * (1 + SECOND) / (5 + 1 * SECOND);
    assertThat(
            measure(9, new double[] {5, 1}, new double[] {3, 3}, new double[] {7, 7})
                .get("ndcg_at_9"))
        .isEqualTo(tied, within(1e-15));
  }

  @Test
  void saysHowManyRowsItCouldJudge() {
    double unknown = Double.NaN;
    SortedMap<String, Double> metrics =
        measure(
            5,
            new double[] {5, 1, 2, 3},
            new double[] {4, unknown, 2, 3},
            new double[] {1, 1, 2, 2});
    assertThat(metrics)
        .containsEntry("rows", 4.0)
        .containsEntry("coverage", 0.75)
        .containsEntry("mae", 1 / 3.0);
    assertThat(measure(5, new double[] {5}, new double[] {unknown}, new double[] {1}))
        .containsOnlyKeys("rows", "coverage")
        .containsEntry("coverage", 0.0);
    assertThat(measure(5, new double[] {-1, 2}, new double[] {1, 2}, new double[] {1, 1}))
        .doesNotContainKey("ndcg_at_5");
    assertThat(
            measure(5, new double[] {1, 2}, new double[] {1, 2}, new double[] {unknown, unknown}))
        .doesNotContainKey("ndcg_at_5");
  }

  @Test
  void comparesOnTheRowsThatBothModelsKnow() {
    double[] ratings = new Random(2).ints(40, 1, 6).asDoubleStream().toArray();
    double[] closer = Arrays.stream(ratings).map(rating -> rating + 1).toArray();
    double[] further = Arrays.stream(ratings).map(rating -> rating + 2).toArray();
    // Rows that only one of them knows, and would be far off.
    closer[0] = Double.NaN;
    further[0] = 1000;
    closer[1] = 1000;
    further[1] = Double.NaN;
    ModelScores model = Rows.scores(ratings, closer, new double[40]);
    ModelScores champion = Rows.scores(ratings, further, new double[40]);
    assertThat(
            new PairedBootstrap(100, 0.9, 1).gains(new RecommendationYardstick(5), model, champion))
        .containsEntry("mae_gain", 1.0)
        .containsEntry("rmse_gain_low", 1.0)
        .containsEntry("rmse_gain_high", 1.0);
  }

  @Test
  void givesTheSameDigitsInEveryOrder() {
    Random random = new Random(13);
    int rows = 3000;
    ModelScores scores =
        Rows.scores(
            random.ints(rows, 0, 6).asDoubleStream().toArray(),
            random.ints(rows, 0, 50).mapToDouble(i -> i / 10.0).toArray(),
            random.ints(rows, 0, 100).asDoubleStream().toArray());
    Yardstick yardstick = new RecommendationYardstick(10);
    assertThat(
            yardstick.measure(Rows.ordered(scores, Rows.shuffled(random, rows)), Rows.all(scores)))
        .isEqualTo(yardstick.measure(scores, Rows.all(scores)))
        .containsKey("ndcg_at_10");
  }

  private static SortedMap<String, Double> measure(
      int k, double[] ratings, double[] predicted, double[] users) {
    ModelScores scores = Rows.scores(ratings, predicted, users);
    return new RecommendationYardstick(k).measure(scores, Rows.all(scores));
  }
}
