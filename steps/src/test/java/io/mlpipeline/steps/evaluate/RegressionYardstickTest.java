package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class RegressionYardstickTest {

  private static final Yardstick NUMBERS = new RegressionYardstick();

  @Test
  void measuresWhatTheDefinitionsSay() {
    SortedMap<String, Double> metrics =
        measure(new double[] {1, 2, 4, 5}, new double[] {2, 2, 2, 6});
    assertThat(metrics)
        .containsEntry("rows", 4.0)
        .containsEntry("mae", 1.0)
        .containsEntry("bias", 0.0)
        .containsEntry("rmse", Math.sqrt(6 / 4.0))
        .containsEntry("r2", 1 - 6 / 10.0);
    assertThat(metrics.get("mape")).isEqualTo((1 + 0 + 0.5 + 0.2) / 4, within(1e-15));
  }

  @Test
  void leavesOutWhatZerosAndEqualTruthsCannotSay() {
    assertThat(measure(new double[] {0, 2}, new double[] {1, 2}))
        .containsKeys("rmse", "r2")
        .doesNotContainKey("mape");
    assertThat(measure(new double[] {0.1, 0.1, 0.1}, new double[] {1, 2, 3}))
        .containsKeys("rmse", "mape")
        .doesNotContainKey("r2");
    assertThat(NUMBERS.measure(Rows.scores(new double[0], new double[0]), new int[0]))
        .containsOnlyKeys("rows");
  }

  @Test
  void givesTheSameDigitsInEveryOrder() {
    Random random = new Random(12);
    ModelScores scores =
        Rows.scores(random.doubles(5000).toArray(), random.doubles(5000).toArray());
    int[] all = Rows.all(scores);
    SortedMap<String, Double> metrics = NUMBERS.measure(scores, all);
    for (int i = 0; i < 5; i++) {
      assertThat(NUMBERS.measure(Rows.ordered(scores, Rows.shuffled(random, 5000)), all))
          .isEqualTo(metrics);
    }
  }

  private static SortedMap<String, Double> measure(double[] truth, double[] predicted) {
    ModelScores scores = Rows.scores(truth, predicted);
    return NUMBERS.measure(scores, Rows.all(scores));
  }
}
