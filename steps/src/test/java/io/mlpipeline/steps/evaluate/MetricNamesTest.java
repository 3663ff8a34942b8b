package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.steps.evaluate.MetricNames.Better;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricNamesTest {

  @ParameterizedTest
  @CsvSource({
    "auc_roc, HIGHER",
    "log_loss, LOWER",
    "rmse, LOWER",
    "rmse_gain_low, HIGHER",
    "log_loss_gain, HIGHER",
    "ndcg_at_10, HIGHER",
    "lift_at_5pct, HIGHER",
    "recall_pear, HIGHER",
    "equalized_odds_gap_region, LOWER",
    "p95_ms_per_1k_rows, LOWER"
  })
  void knowsWhichValuesAreBetter(String metric, Better better) {
    assertThat(MetricNames.better(metric)).contains(better);
  }

  /** Everything that yardsticks measure has a direction, but for what is better in neither. */
  @Test
  void everyMetricHasADirectionOrIsKnownToHaveNone() {
    Random random = new Random(1);
    double[] truth = Rows.classes(random, 200, 0.5);
    double[] guesses = Rows.guesses(random, truth, 1, 1);
    Set<String> metrics = new TreeSet<>();
    metrics.addAll(
        measured(
            new BinaryYardstick(0.5, List.of(TopRows.find("50%").orElseThrow())), truth, guesses));
    metrics.addAll(
        measured(new MultiClassYardstick(java.util.List.of("a", "b")), truth, truth, guesses));
    metrics.addAll(measured(new RegressionYardstick(), new double[] {1, 2}, new double[] {1, 1}));
    metrics.addAll(measured(new RecommendationYardstick(3), truth, guesses, new double[200]));
    metrics.addAll(measured(new ClusterYardstick(), truth, truth, guesses, guesses));
    assertThat(metrics).allMatch(metric -> metric.matches("[a-z][a-z0-9_]*"));
    metrics.removeIf(metric -> MetricNames.better(metric).isPresent());
    assertThat(metrics)
        .containsExactly(
            "bias",
            "cluster_rows_0",
            "cluster_rows_1",
            "clusters",
            "positives",
            "rows",
            "selection_rate");
  }

  private static Set<String> measured(Yardstick yardstick, double[] truth, double[]... outputs) {
    ModelScores scores = new ModelScores(truth, Arrays.copyOf(outputs, outputs.length));
    return yardstick.measureAll(scores, Rows.all(scores)).keySet();
  }

  @Test
  void makesPartsOfIdentifiersOfNames() {
    assertThat(MetricNames.part("Region of Birth")).isEqualTo("region_of_birth");
    assertThat(MetricNames.part("usage.rate-2")).isEqualTo("usage_rate_2");
  }
}
