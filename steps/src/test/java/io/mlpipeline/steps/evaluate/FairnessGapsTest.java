package io.mlpipeline.steps.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class FairnessGapsTest {

  @Test
  void gapsAreTheLargestDifferencesBetweenTwoGroups() {
    SortedMap<String, Double> gaps =
        FairnessGaps.of(
            List.of(group(0.5, 0.8, 0.1), group(0.3, 0.9, 0.4), group(0.45, 0.6, 0.2)), "region");
    assertThat(gaps)
        .containsOnlyKeys(
            "demographic_parity_gap_region",
            "equal_opportunity_gap_region",
            "equalized_odds_gap_region");
    assertThat(gaps.get("demographic_parity_gap_region")).isEqualTo(0.2, within(1e-15));
    assertThat(gaps.get("equal_opportunity_gap_region")).isEqualTo(0.3, within(1e-15));
    assertThat(gaps.get("equalized_odds_gap_region")).isEqualTo(0.3, within(1e-15));
    assertThat(
            FairnessGaps.of(List.of(group(0.5, 0.8, 0.1), group(0.5, 0.8, 0.7)), "a")
                .get("equalized_odds_gap_a"))
        .isEqualTo(0.6, within(1e-15));
  }

  @Test
  void groupsThatDoNotDefineARateAreNoPartOfItsGap() {
    Map<String, Double> noPositives = Map.of("selection_rate", 0.9, "false_positive_rate", 0.9);
    assertThat(FairnessGaps.of(List.of(group(0.5, 0.8, 0.1), noPositives), "a"))
        .containsOnlyKeys("demographic_parity_gap_a");
    assertThat(
            FairnessGaps.of(List.of(group(0.5, 0.8, 0.1), group(0.5, 0.8, 0.1), noPositives), "a"))
        .containsEntry("equal_opportunity_gap_a", 0.0)
        .containsEntry("equalized_odds_gap_a", 0.8);
    assertThat(FairnessGaps.of(List.of(group(0.5, 0.8, 0.1)), "a")).isEmpty();
    assertThat(FairnessGaps.of(List.of(), "a")).isEmpty();
  }

  private static Map<String, Double> group(
      double selected, double truePositive, double falsePositive) {
    return Map.of(
        "selection_rate",
        selected,
        "true_positive_rate",
        truePositive,
        "false_positive_rate",
        falsePositive);
  }
}
