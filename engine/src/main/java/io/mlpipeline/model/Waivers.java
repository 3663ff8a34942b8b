package io.mlpipeline.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The waivers of a pipeline that count on a day, and what they make of a gate's report.
 *
 * @param valid those that have not expired, oldest first
 */
public record Waivers(List<Waiver> valid) {

  /** Rules that guard against losing rows: nobody can know what is missing, so nobody waives it. */
  public static final Set<String> NEVER = Set.of("rows-accounted-for");

  /** How many days ahead a waiver may end. */
  public static final int MOST_DAYS = 90;

  public Waivers {
    valid = List.copyOf(valid);
  }

  /** Those of all that count at a moment. */
  public static Waivers at(List<Waiver> all, Instant now) {
    return new Waivers(all.stream().filter(waiver -> counts(waiver, now)).toList());
  }

  /** Whether a waiver counts: until its last day has ended in UTC. */
  public static boolean counts(Waiver waiver, Instant now) {
    return !LocalDate.ofInstant(now, ZoneOffset.UTC).isAfter(waiver.until());
  }

  /**
   * The report with every failure waived that a human spoke for: of the same dataset, rule and
   * text. A report that rejects for another reason than its rules goes on to reject.
   */
  public GateReport applyTo(GateReport report) {
    List<RuleOutcome> outcomes = new ArrayList<>();
    for (RuleOutcome outcome : report.outcomes()) {
      outcomes.add(find(report.dataset(), outcome).map(outcome::waivedBy).orElse(outcome));
    }
    if (outcomes.equals(report.outcomes())) {
      return report;
    }
    GateReport before = GateReport.of(report.dataset(), report.outcomes(), report.quarantine());
    GateReport after = GateReport.of(report.dataset(), outcomes, report.quarantine());
    boolean isOfTheRules = before.verdict() == report.verdict();
    return isOfTheRules
        ? after
        : new GateReport(report.dataset(), report.verdict(), outcomes, report.quarantine());
  }

  /** The newest word on a failure that counts. */
  private Optional<Waiver> find(String dataset, RuleOutcome outcome) {
    GateRule rule = outcome.rule();
    boolean counts = !outcome.passed() && rule.severity() != Severity.WARN;
    if (!counts || NEVER.contains(rule.id())) {
      return Optional.empty();
    }
    return valid.stream()
        .filter(waiver -> waiver.dataset().equals(dataset))
        .filter(waiver -> waiver.rule().equals(rule.id()) && waiver.text().equals(rule.text()))
        .reduce((older, newer) -> newer);
  }
}
