package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of one rule.
 *
 * @param rule the rule
 * @param passed whether it holds
 * @param message why it does not; null if it holds and there is nothing to say
 * @param observed what was measured, by metric name; empty if nothing was
 */
public record RuleOutcome(
    GateRule rule, boolean passed, @Nullable String message, SortedMap<String, Double> observed) {

  public RuleOutcome {
    observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
  }
}
