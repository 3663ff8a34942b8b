package io.mlpipeline.steps.evaluate;

import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How differently a model treats groups of people: for each criterion the largest difference
 * between two groups, from 0 (none) to 1.
 *
 * <p>Demographic parity: of the shares that are said yes to. Equal opportunity: of the true
 * positive rates. Equalized odds: the larger of the gaps of the true and the false positive rates
 * (Hardt, Price and Srebro, "Equality of Opportunity in Supervised Learning", 2016). A group that
 * does not define a rate, such as one without positives, is no part of that comparison; with fewer
 * than two groups there is no gap.
 */
public final class FairnessGaps {

  private FairnessGaps() {}

  /**
   * The gaps by name, {@code demographic_parity_gap_<column>} and so on.
   *
   * @param groups the metrics of each group that is large enough
   * @param column the column that divides them, as a part of a metric's name
   */
  public static SortedMap<String, Double> of(
      Collection<? extends Map<String, Double>> groups, String column) {
    OptionalDouble selection = gap(groups, "selection_rate");
    OptionalDouble positive = gap(groups, "true_positive_rate");
    OptionalDouble negative = gap(groups, "false_positive_rate");
    SortedMap<String, Double> gaps = new TreeMap<>();
    selection.ifPresent(gap -> gaps.put("demographic_parity_gap_" + column, gap));
    positive.ifPresent(gap -> gaps.put("equal_opportunity_gap_" + column, gap));
    if (positive.isPresent() && negative.isPresent()) {
      gaps.put(
          "equalized_odds_gap_" + column, Math.max(positive.getAsDouble(), negative.getAsDouble()));
    }
    return gaps;
  }

  private static OptionalDouble gap(
      Collection<? extends Map<String, Double>> groups, String metric) {
    DoubleSummaryStatistics rates =
        groups.stream()
            .map(group -> group.get(metric))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    return rates.getCount() < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(rates.getMax() - rates.getMin());
  }
}
