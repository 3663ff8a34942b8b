package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class TrialScoreTest {

  @Test
  void measuresTwoClasses() {
    Map<String, Double> metrics =
        TrialScore.of(
            Stream.of(binary(1, 0.9), binary(0, 0.6), binary(1, 0.6), binary(0, 0.1)).iterator(),
            2);
    assertThat(metrics).containsEntry("auc_roc", 0.875).containsEntry("accuracy", 0.75);
    assertThat(metrics.get("f1")).isCloseTo(0.8, within(1e-12));
    assertThat(metrics.get("log_loss"))
        .isCloseTo(-(2 * Math.log(0.9) + Math.log(0.6) + Math.log(0.4)) / 4, within(1e-12));
  }

  @Test
  void measuresSeveralClassesOfWhichALearnerMayNotKnowTheLast() {
    Map<String, Double> metrics =
        TrialScore.of(
            Stream.of(row(0, 0, 0.7, 0.3), row(1, 1, 0.2, 0.8), row(2, 1, 0.4, 0.6)).iterator(), 3);
    assertThat(metrics).doesNotContainKey("auc_roc");
    assertThat(metrics.get("accuracy")).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(metrics.get("f1")).isCloseTo((1 + 2.0 / 3 + 0) / 3, within(1e-12));
    assertThat(metrics.get("log_loss")).isBetween(10.0, 13.0);
  }

  @Test
  void measuresNumbers() {
    Map<String, Double> metrics =
        TrialScore.of(
            Stream.of(RowFactory.create(1.0, 2.0), RowFactory.create(5.0, 2.0)).iterator(), 0);
    assertThat(metrics)
        .containsEntry("rmse", Math.sqrt(5))
        .containsEntry("mae", 2.0)
        .containsEntry("r2", 1 - 10 / 8.0);
  }

  @Test
  void choosesTheBestByTheMeanOfItsPartsAndOfEqualOnesTheFirst() {
    List<java.util.SortedMap<String, String>> points = List.of(point("1"), point("2"), point("3"));
    Trials trials =
        Trials.of(
            points,
            List.of(
                List.of(metric(3), metric(1), metric(2)), List.of(metric(1), metric(3), metric(1))),
            "rmse");
    assertThat(trials.best()).isEqualTo(2);
    assertThat(trials.bestSettings()).isEqualTo(Map.of("k", List.of("3")));
    assertThat(trials.metrics(Map.of("k", List.of("1", "2", "3"))))
        .containsEntry("trial.3.rmse", 1.5)
        .containsEntry("trial.3.k", 3.0)
        .containsEntry("best_trial", 3.0);
    assertThat(Trials.of(points, List.of(List.of(metric(1), metric(1), metric(1))), "rmse").best())
        .isZero();
    assertThatThrownBy(
            () -> Trials.of(List.of(point("1")), List.of(List.of(metric(Double.NaN))), "rmse"))
        .hasMessageContaining("no trial has a finite rmse");
  }

  private static java.util.SortedMap<String, String> point(String k) {
    return new TreeMap<>(Map.of("k", k));
  }

  private static java.util.SortedMap<String, Double> metric(double value) {
    return new TreeMap<>(Map.of("rmse", value));
  }

  private static Row binary(int label, double score) {
    return row(label, score > 0.5 ? 1 : 0, 1 - score, score);
  }

  private static Row row(double label, double prediction, Double... probabilities) {
    return RowFactory.create(
        label, prediction, JavaConverters.asScalaBuffer(List.of(probabilities)).toSeq());
  }
}
