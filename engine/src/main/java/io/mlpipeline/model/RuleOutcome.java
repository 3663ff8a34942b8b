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
 * @param message why it does not, or what is to be known of it although it does; null if there is
 *     nothing to say
 * @param observed what was measured, by metric name; empty if nothing was
 * @param waiver why its failure does not count; null if it passed or counts
 */
public record RuleOutcome(
    GateRule rule,
    boolean passed,
    @Nullable String message,
    SortedMap<String, Double> observed,
    @Nullable Waiver waiver) {

  public RuleOutcome {
    observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
  }

  /** An outcome that nobody waived. */
  public RuleOutcome(
      GateRule rule, boolean passed, @Nullable String message, SortedMap<String, Double> observed) {
    this(rule, passed, message, observed, null);
  }

  /** The same failure, which does not count any more. */
  public RuleOutcome waivedBy(Waiver by) {
    return new RuleOutcome(rule, passed, message, observed, by);
  }
}
