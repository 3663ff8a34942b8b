package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedBootstrapTest {

  private static final Yardstick BINARY = new BinaryYardstick(0.5, List.of());
  private static final PairedBootstrap THOUSAND = new PairedBootstrap(1000, 0.95, 42);

  @Test
  void identicalModelsGainNothingAndSurelySo() {
    Random random = new Random(1);
    double[] truth = Rows.classes(random, 500, 0.3);
    ModelScores model = Rows.scores(truth, Rows.guesses(random, truth, 1, 1));
    assertThat(THOUSAND.gains(BINARY, model, model))
        .hasSize(15)
        .containsKeys("auc_roc_gain", "auc_pr_gain_low", "log_loss_gain_high", "f1_gain")
        .allSatisfy((metric, value) -> assertThat(value).isZero());
  }

  /** The gain is what the metrics say, turned so that more is better. */
  @Test
  void gainsAreDifferencesOfTheMetricsWithTheSignOfBetter() {
    Random random = new Random(2);
    double[] truth = Rows.classes(random, 2000, 0.4);
    ModelScores good = Rows.scores(truth, Rows.guesses(random, truth, 3, 1));
    ModelScores poor = Rows.scores(truth, Rows.guesses(random, truth, 1, 1));
    SortedMap<String, Double> better = BINARY.measure(good, Rows.all(good));
    SortedMap<String, Double> worse = BINARY.measure(poor, Rows.all(poor));
    SortedMap<String, Double> gains = THOUSAND.gains(BINARY, good, poor);
    for (String metric : new String[] {"auc_roc", "auc_pr", "accuracy", "f1", "log_loss"}) {
      double sign = metric.equals("log_loss") ? -1 : 1;
      double gain = sign * (better.get(metric) - worse.get(metric));
      assertThat(gains.get(metric + "_gain")).as(metric).isEqualTo(gain, within(1e-12));
      assertThat(gains.get(metric + "_gain_low")).as(metric).isPositive().isLessThan(gain);
      assertThat(gains.get(metric + "_gain_high")).as(metric).isGreaterThan(gain);
    }
  }

  /** Against the variance of the difference of two correlated areas by DeLong et al. */
  @ParameterizedTest
  @ValueSource(ints = {300, 2000, 5000})
  void boundsOfTheAreaAreThoseOfDeLong(int rows) {
    Random random = new Random(rows);
    double[] truth = Rows.classes(random, rows, 0.25);
    double[] first = Rows.guesses(random, truth, 1.5, 1);
    double[] second = Rows.guesses(random, truth, 1.3, 1);
    for (int i = 0; i < rows; i++) {
      // Correlated, and full of ties.
      second[i] = Math.rint((first[i] + second[i]) * 50) / 100;
    }
    SortedMap<String, Double> gains =
        new PairedBootstrap(4000, 0.95, 7)
            .gains(BINARY, Rows.scores(truth, first), Rows.scores(truth, second));
    double gain = gains.get("auc_roc_gain");
    double half = 1.959964 * Math.sqrt(DeLong.variance(truth, first, second));
    assertThat(gains.get("auc_roc_gain_low")).isEqualTo(gain - half, within(0.12 * half));
    assertThat(gains.get("auc_roc_gain_high")).isEqualTo(gain + half, within(0.12 * half));
  }

  /** Two models that are equally good, on 300 samples: 5 % of the intervals should miss 0. */
  @Test
  void noiseDoesNotLookLikeAGain() {
    Random random = new Random(11);
    int area = 0;
    int loss = 0;
    int samples = 300;
    for (int sample = 0; sample < samples; sample++) {
      double[] truth = Rows.classes(random, 400, 0.3);
      SortedMap<String, Double> gains =
          new PairedBootstrap(400, 0.95, sample)
              .gains(
                  BINARY,
                  Rows.scores(truth, Rows.guesses(random, truth, 1, 1)),
                  Rows.scores(truth, Rows.guesses(random, truth, 1, 1)));
      area += excludesZero(gains, "auc_roc") ? 1 : 0;
      loss += excludesZero(gains, "log_loss") ? 1 : 0;
    }
    // Of a binomial with 300 and 0.05, which is 15 on average, 0.9999 lie within.
    assertThat(area).isBetween(3, 31);
    assertThat(loss).isBetween(3, 31);
  }

  private static boolean excludesZero(Map<String, Double> gains, String metric) {
    return gains.get(metric + "_gain_low") > 0 || gains.get(metric + "_gain_high") < 0;
  }

  @Test
  void doesNotDependOnTheOrderOfRowsButOnTheSeed() {
    Random random = new Random(5);
    double[] truth = Rows.classes(random, 1000, 0.5);
    // Few different scores, so that many rows are alike.
    double[] first =
        DoubleStream.of(Rows.guesses(random, truth, 1, 1))
            .map(x -> Math.rint(x * 10) / 10)
            .toArray();
    double[] second = Rows.guesses(random, truth, 1, 1);
    ModelScores model = Rows.scores(truth, first);
    ModelScores champion = Rows.scores(truth, second);
    int[] order = Rows.shuffled(random, 1000);
    SortedMap<String, Double> gains = THOUSAND.gains(BINARY, model, champion);
    assertThat(THOUSAND.gains(BINARY, Rows.ordered(model, order), Rows.ordered(champion, order)))
        .isEqualTo(gains);
    assertThat(new PairedBootstrap(1000, 0.95, 43).gains(BINARY, model, champion))
        .isNotEqualTo(gains)
        .containsEntry("auc_roc_gain", gains.get("auc_roc_gain"));
  }

  /** What happens beyond 131,072 rows, with fewer of both. */
  @Test
  void groupsOfRowsGiveNearlyTheBoundsOfSingleRows() {
    Random random = new Random(6);
    double[] truth = Rows.classes(random, 20_000, 0.3);
    ModelScores model = Rows.scores(truth, Rows.guesses(random, truth, 1.1, 1));
    ModelScores champion = Rows.scores(truth, Rows.guesses(random, truth, 1, 1));
    SortedMap<String, Double> single = bounds(model, champion, 20_000);
    SortedMap<String, Double> grouped = bounds(model, champion, 4_000);
    for (String metric : new String[] {"auc_roc", "auc_pr", "log_loss", "accuracy", "f1"}) {
      assertThat(grouped.get(metric + "_gain"))
          .isEqualTo(single.get(metric + "_gain"), within(1e-12));
      assertThat(width(grouped, metric))
          .as(metric)
          .isEqualTo(width(single, metric), within(0.12 * width(single, metric)));
    }
  }

  private static SortedMap<String, Double> bounds(
      ModelScores model, ModelScores champion, int groups) {
    RowGroups of = RowGroups.of(model, champion, Rows.all(model), groups);
    return THOUSAND.bounds(BINARY.gains(model, champion, of).orElseThrow(), of.count());
  }

  private static double width(Map<String, Double> bounds, String metric) {
    return bounds.get(metric + "_gain_high") - bounds.get(metric + "_gain_low");
  }

  @Test
  void regressionsGainInTheSameWay() {
    Random random = new Random(8);
    double[] truth = random.doubles(1000).map(x -> 1e6 + 100 * x).toArray();
    double[] good = truth.clone();
    double[] poor = truth.clone();
    for (int i = 0; i < truth.length; i++) {
      good[i] += random.nextGaussian();
      poor[i] += 2 * random.nextGaussian();
    }
    Yardstick numbers = new RegressionYardstick();
    ModelScores model = Rows.scores(truth, good);
    ModelScores champion = Rows.scores(truth, poor);
    SortedMap<String, Double> mine = numbers.measure(model, Rows.all(model));
    SortedMap<String, Double> theirs = numbers.measure(champion, Rows.all(model));
    SortedMap<String, Double> gains = THOUSAND.gains(numbers, model, champion);
    assertThat(gains.get("rmse_gain"))
        .isEqualTo(theirs.get("rmse") - mine.get("rmse"), within(1e-9));
    assertThat(gains.get("r2_gain")).isEqualTo(mine.get("r2") - theirs.get("r2"), within(1e-9));
    assertThat(gains.get("mae_gain_low")).isPositive();
    // The root of a mean of n squared normal errors of deviation s has the error s / sqrt(2 n).
    double half = 1.96 * Math.sqrt((2.0 * 2 + 1 * 1) / (2 * 1000));
    assertThat(width(gains, "rmse") / 2).isEqualTo(half, within(0.15 * half));
  }

  @Test
  void hasNothingToSayOfWhatIsNotDefinedOrNotAskedFor() {
    double[] ones = {1, 1, 1, 1};
    double[] guesses = {0.1, 0.6, 0.7, 0.8};
    ModelScores model = Rows.scores(ones, guesses);
    assertThat(THOUSAND.gains(BINARY, model, model))
        .containsKey("accuracy_gain")
        .doesNotContainKeys("auc_roc_gain", "auc_pr_gain");
    assertThat(new PairedBootstrap(0, 0.95, 1).gains(BINARY, model, model)).isEmpty();
    // One positive of four rows is in two thirds of the resamples only.
    ModelScores rare = Rows.scores(new double[] {1, 0, 0, 0}, guesses);
    assertThat(THOUSAND.gains(BINARY, rare, rare))
        .containsKey("auc_roc_gain")
        .doesNotContainKeys("auc_roc_gain_low", "auc_roc_gain_high");
  }
}
