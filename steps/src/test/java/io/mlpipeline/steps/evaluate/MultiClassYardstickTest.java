package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class MultiClassYardstickTest {

  private static final MultiClassYardstick FRUIT =
      new MultiClassYardstick(List.of("apple", "pear", "plum"));

  /** Two of three apples, one of two pears; a plum is predicted but there is none. */
  @Test
  void measuresWhatTheDefinitionsSay() {
    ModelScores scores =
        Rows.scores(
            new double[] {0, 0, 0, 1, 1},
            new double[] {0, 0, 1, 1, 2},
            new double[] {0.5, 0.5, 0.25, 0.5, 0});
    SortedMap<String, Double> metrics = FRUIT.measureAll(scores, Rows.all(scores));
    assertThat(metrics.get("accuracy")).isEqualTo(0.6);
    assertThat(metrics.get("macro_recall")).isEqualTo((2 / 3.0 + 1 / 2.0) / 2, within(1e-15));
    assertThat(metrics.get("macro_precision")).isEqualTo((1 + 0.5) / 2);
    assertThat(metrics.get("weighted_precision")).isEqualTo((3 * 1 + 2 * 0.5) / 5);
    assertThat(metrics.get("macro_f1")).isEqualTo((0.8 + 0.5) / 2, within(1e-15));
    assertThat(metrics.get("weighted_f1")).isEqualTo((3 * 0.8 + 2 * 0.5) / 5, within(1e-15));
    assertThat(metrics.get("log_loss"))
        .isEqualTo(-(3 * Math.log(0.5) + Math.log(0.25) + Math.log(1e-15)) / 5, within(1e-14));
    assertThat(metrics)
        .containsEntry("rows", 5.0)
        .containsEntry("recall_apple", 2 / 3.0)
        .containsEntry("recall_pear", 0.5)
        .containsEntry("precision_plum", 0.0)
        .doesNotContainKey("recall_plum");
    assertThat(FRUIT.measure(scores, Rows.all(scores))).doesNotContainKey("recall_apple");
  }

  @Test
  void hasNoLossWhereAModelGivesNoProbability() {
    ModelScores scores =
        Rows.scores(new double[] {0, 1}, new double[] {0, 1}, new double[] {0.5, Double.NaN});
    assertThat(FRUIT.measure(scores, Rows.all(scores)))
        .containsEntry("accuracy", 1.0)
        .doesNotContainKey("log_loss");
    assertThat(new PairedBootstrap(100, 0.9, 1).gains(FRUIT, scores, scores))
        .containsEntry("accuracy_gain", 0.0)
        .doesNotContainKey("log_loss_gain");
  }

  @Test
  void gainsAreDifferencesAndDoNotDependOnTheOrder() {
    Random random = new Random(9);
    double[] truth = random.ints(600, 0, 3).asDoubleStream().toArray();
    ModelScores model = guesses(random, truth, 0.7);
    ModelScores champion = guesses(random, truth, 0.5);
    SortedMap<String, Double> mine = FRUIT.measure(model, Rows.all(model));
    SortedMap<String, Double> theirs = FRUIT.measure(champion, Rows.all(model));
    PairedBootstrap bootstrap = new PairedBootstrap(300, 0.95, 1);
    SortedMap<String, Double> gains = bootstrap.gains(FRUIT, model, champion);
    assertThat(gains.get("macro_f1_gain"))
        .isEqualTo(mine.get("macro_f1") - theirs.get("macro_f1"), within(1e-12));
    assertThat(gains.get("accuracy_gain_low")).isPositive();
    int[] order = Rows.shuffled(random, 600);
    assertThat(FRUIT.measure(Rows.ordered(model, order), Rows.all(model))).isEqualTo(mine);
    assertThat(bootstrap.gains(FRUIT, Rows.ordered(model, order), Rows.ordered(champion, order)))
        .isEqualTo(gains);
  }

  private static ModelScores guesses(Random random, double[] truth, double right) {
    double[] classes = new double[truth.length];
    double[] probabilities = new double[truth.length];
    for (int i = 0; i < truth.length; i++) {
      boolean isRight = random.nextDouble() < right;
      classes[i] = isRight ? truth[i] : random.nextInt(3);
      probabilities[i] = isRight ? 0.6 : 0.2 + 0.1 * random.nextDouble();
    }
    return Rows.scores(truth, classes, probabilities);
  }
}
