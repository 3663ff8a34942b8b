package io.mlpipeline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gate said of one dataset.
 *
 * @param dataset the dataset's name
 * @param verdict the sum of the outcomes
 * @param outcomes one for each rule, in the order of the gate
 * @param quarantine the rows that were set apart; null if none were
 */
public record GateReport(
    String dataset,
    Verdict verdict,
    List<RuleOutcome> outcomes,
    @Nullable QuarantineReport quarantine) {

  public GateReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Sums up the outcomes of rows of which none was set apart. */
  public static GateReport of(String dataset, List<RuleOutcome> outcomes) {
    return of(dataset, outcomes, null);
  }

  /**
   * Sums up: a failed block rule rejects, and so does a quarantine rule that fails on the rows that
   * are left; a failed warn rule, a waived failure and rows set apart warn.
   */
  public static GateReport of(
      String dataset, List<RuleOutcome> outcomes, @Nullable QuarantineReport quarantine) {
    Verdict verdict = quarantine == null || quarantine.rows() == 0 ? Verdict.PASS : Verdict.WARN;
    for (RuleOutcome outcome : outcomes) {
      if (!outcome.passed()) {
        Verdict one = verdict(outcome);
        verdict = one.compareTo(verdict) > 0 ? one : verdict;
      }
    }
    return new GateReport(dataset, verdict, outcomes, quarantine);
  }

  /** The same with rows set apart that are published now. */
  public GateReport published(OutputVersion table) {
    QuarantineReport before = quarantine;
    return before == null
        ? this
        : new GateReport(
            dataset,
            verdict,
            outcomes,
            new QuarantineReport(before.rows(), before.byRule(), table));
  }

  private static Verdict verdict(RuleOutcome failed) {
    boolean warns = failed.waiver() != null || failed.rule().severity() == Severity.WARN;
    return warns ? Verdict.WARN : Verdict.REJECT;
  }
}
