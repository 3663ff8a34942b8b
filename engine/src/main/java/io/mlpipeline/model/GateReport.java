package io.mlpipeline.model;

import java.util.List;

/**
 * What a gate said of one dataset.
 *
 * @param dataset the dataset's name
 * @param verdict the sum of the outcomes
 * @param outcomes one for each rule, in the order of the gate
 */
public record GateReport(String dataset, Verdict verdict, List<RuleOutcome> outcomes) {

  public GateReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Sums up the outcomes: a failed block rule rejects, a failed warn rule warns. */
  public static GateReport of(String dataset, List<RuleOutcome> outcomes) {
    Verdict verdict = Verdict.PASS;
    for (RuleOutcome outcome : outcomes) {
      if (!outcome.passed()) {
        Verdict one = outcome.rule().severity() == Severity.BLOCK ? Verdict.REJECT : Verdict.WARN;
        verdict = one.compareTo(verdict) > 0 ? one : verdict;
      }
    }
    return new GateReport(dataset, verdict, outcomes);
  }
}
