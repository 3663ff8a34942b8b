package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryMetricsTest {

  /** Values worked out by hand from the definitions. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.1- 0.4- 0.35+ 0.8+ | 0.75 | 0.8333333333333333 | 0.75 | 0.6666666666666666",
        "0.1- 0.2- 0.8+ 0.9+ | 1 | 1 | 1 | 1",
        "0.9- 0.8- 0.2+ 0.1+ | 0 | 0.4166666666666667 | 0 | 0",
        "0.5- 0.5- 0.5+ 0.5+ | 0.5 | 0.5 | 0.5 | 0",
        "0.6- 0.6+ 0.6+ 0.2- | 0.75 | 0.6666666666666666 | 0.75 | 0.8",
      })
  void measuresWhatTheDefinitionsSay(
      String rows, double aucRoc, double aucPr, double accuracy, double f1) {
    Map<String, Double> metrics = BinaryMetrics.of(keys(rows), 0.5).byName();
    assertThat(metrics.get("auc_roc")).isEqualTo(aucRoc);
    assertThat(metrics.get("auc_pr")).isEqualTo(aucPr, within(1e-15));
    assertThat(metrics.get("accuracy")).isEqualTo(accuracy);
    assertThat(metrics.get("f1")).isEqualTo(f1, within(1e-15));
    assertThat(metrics.get("rows")).isEqualTo(4);
  }

  /** Of four rows two are said yes to, one of them rightly. */
  @Test
  void countsWhoIsSaidYesTo() {
    Map<String, Double> metrics = BinaryMetrics.of(keys("0.9+ 0.8- 0.5+ 0.1-"), 0.5).byName();
    assertThat(metrics)
        .containsEntry("positives", 2.0)
        .containsEntry("selection_rate", 0.5)
        .containsEntry("precision", 0.5)
        .containsEntry("recall", 0.5)
        .containsEntry("true_positive_rate", 0.5)
        .containsEntry("false_positive_rate", 0.5);
    assertThat(BinaryMetrics.of(keys("0.9+ 0.8- 0.5+ 0.1-"), 0.85).byName())
        .containsEntry("selection_rate", 0.25)
        .containsEntry("precision", 1.0)
        .containsEntry("false_positive_rate", 0.0);
  }

  @Test
  void addsUpTheLossAndKeepsItFinite() {
    double expected = -(Math.log(0.8) + Math.log(0.75)) / 2;
    assertThat(BinaryMetrics.of(keys("0.8+ 0.25-"), 0.5).byName().get("log_loss"))
        .isEqualTo(expected, within(1e-15));
    assertThat(BinaryMetrics.of(keys("0+ 1-"), 0.5).byName().get("log_loss"))
        .isEqualTo(-Math.log(1e-15), within(0.1));
  }

  @ParameterizedTest
  @CsvSource({"0.1+ 0.7+, auc_roc", "0.1- 0.7-, auc_roc", "0.1- 0.7-, auc_pr", "0.1- 0.2-, f1"})
  void leavesOutWhatOneClassCannotSay(String rows, String absent) {
    Map<String, Double> metrics = BinaryMetrics.of(keys(rows), 0.5).byName();
    assertThat(metrics).doesNotContainKey(absent).containsKeys("rows", "log_loss", "accuracy");
  }

  @Test
  void hasNothingToSayOfNoRows() {
    assertThat(BinaryMetrics.of(new long[0], 0.5).byName()).containsOnlyKeys("rows", "positives");
  }

  /** Worked out by hand; a tie at the end of the list counts by its chance to be on it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.9+ 0.8- 0.7+ 0.6+ 0.2- 0.1- | 2     | 2     | 0.5                | 0.3333333333333333 |"
            + " 1",
        "0.9+ 0.8- 0.7+ 0.6+ 0.2- 0.1- | 50%   | 50pct | 0.6666666666666666 | 0.6666666666666666 |"
            + " 1.3333333333333333",
        "0.9+ 0.8- 0.7+ 0.6+ 0.2- 0.1- | 6     | 6     | 0.5                | 1                  |"
            + " 1",
        "0.9+ 0.8- 0.7+ 0.6+ 0.2- 0.1- | 0.5%  | 0_5pct | 1                 | 0.3333333333333333 |"
            + " 2",
        "0.9- 0.5+ 0.5- 0.5- 0.5+ 0.1- | 3     | 3     | 0.3333333333333333 | 0.5                |"
            + " 1",
        "0.5+ 0.5- 0.5- 0.5-           | 1     | 1     | 0.25               | 0.25               |"
            + " 1",
      })
  void saysWhatTheRowsWithTheHighestScoresAreWorth(
      String rows, String top, String name, double precision, double recall, double lift) {
    long[] keys = keys(rows);
    Map<String, Double> metrics =
        BinaryMetrics.of(keys, 0.5).byName(List.of(TopRows.find(top).orElseThrow()), keys);
    assertThat(metrics.get("precision_at_" + name)).isEqualTo(precision, within(1e-15));
    assertThat(metrics.get("recall_at_" + name)).isEqualTo(recall, within(1e-15));
    assertThat(metrics.get("lift_at_" + name)).isEqualTo(lift, within(1e-15));
  }

  @Test
  void leavesOutListsThatAreLongerThanTheRowsAndRatiosToNoPositives() {
    long[] keys = keys("0.9- 0.1-");
    List<TopRows> tops = List.of(TopRows.find("3").orElseThrow(), TopRows.find("1").orElseThrow());
    assertThat(BinaryMetrics.of(keys, 0.5).byName(tops, keys))
        .containsEntry("precision_at_1", 0.0)
        .doesNotContainKeys("recall_at_1", "lift_at_1", "precision_at_3");
    assertThat(BinaryMetrics.of(new long[0], 0.5).byName(tops, new long[0]))
        .containsOnlyKeys("rows", "positives");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1.5", "0%", "101%", "5 percent", "%", "12345678901"})
  void takesNoOtherWordsForTheLengthOfAList(String text) {
    assertThat(TopRows.find(text)).isEmpty();
  }

  @Test
  void agreesWithCountingAllPairsAndDoesNotDependOnTheOrder() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      int n = 2 + random.nextInt(60);
      double[] scores = random.doubles(n).map(d -> Math.rint(d * 10) / 10).toArray();
      boolean[] truth = new boolean[n];
      for (int i = 0; i < n; i++) {
        truth[i] = i == 0 || (i > 1 && random.nextBoolean());
      }
      Map<String, Double> forward = BinaryMetrics.of(keys(scores, truth, 1), 0.5).byName();
      Map<String, Double> backward = BinaryMetrics.of(keys(scores, truth, -1), 0.5).byName();
      assertThat(backward).isEqualTo(forward);
      assertThat(forward.get("auc_roc")).isEqualTo(byPairs(scores, truth), within(1e-12));
    }
  }

  private static double byPairs(double[] scores, boolean[] truth) {
    double won = 0;
    double pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (truth[i] && !truth[j]) {
          pairs++;
          won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    return won / pairs;
  }

  private static long[] keys(double[] scores, boolean[] truth, int step) {
    long[] keys = new long[scores.length];
    int at = step > 0 ? 0 : scores.length - 1;
    for (int i = 0; i < keys.length; i++, at += step) {
      keys[i] = BinaryMetrics.key(scores[at], truth[at]);
    }
    return keys;
  }

  private static long[] keys(String rows) {
    return java.util.Arrays.stream(rows.split(" "))
        .mapToLong(
            row ->
                BinaryMetrics.key(
                    Double.parseDouble(row.substring(0, row.length() - 1)), row.endsWith("+")))
        .toArray();
  }
}
