package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a dataset that were set apart.
 *
 * @param rows how many, each counted once
 * @param byRule how many broke each rule, by the rule's id; a row may be counted under several
 * @param table the version of the quarantine table that holds them; null if none was published
 */
public record QuarantineReport(
    long rows, SortedMap<String, Long> byRule, @Nullable OutputVersion table) {

  public QuarantineReport {
    byRule = Collections.unmodifiableSortedMap(new TreeMap<>(byRule));
  }

  /**
   * Whether so many rows may be set apart, as an outcome of the dataset's gate.
   *
   * @param most the largest share, from 0 to 1
   * @param at where the gate was written
   * @param published the rows that are left
   * @param shown one of the rows
   * @param place where they were written; the summary says it of those that are published
   */
  public RuleOutcome share(
      String dataset, double most, SourceLocation at, long published, String shown, String place) {
    double share = (double) rows / Math.max(1, rows + published);
    boolean passed = share <= most;
    SortedMap<String, Double> observed = new TreeMap<>();
    observed.put("quarantined", (double) rows);
    observed.put("published", (double) published);
    observed.put("share", share);
    String where = place.isEmpty() ? "" : "; the rows are in " + place;
    String message =
        String.format(
            Locale.ROOT,
            "%d of %d rows of %s break its rules (%s), %s than max-quarantine %s allows; %s%s",
            rows,
            rows + published,
            dataset,
            counts(),
            passed ? "no more" : "more",
            most,
            shown,
            passed ? "" : where + "; correct the source or the rules, or allow a larger share");
    String text = QuarantineTable.SHARE_RULE + " " + most;
    GateRule rule = new GateRule(QuarantineTable.SHARE_RULE, Severity.BLOCK, text, at);
    return new RuleOutcome(rule, passed, message, observed);
  }

  private String counts() {
    List<String> counts = new ArrayList<>();
    byRule.forEach((rule, broken) -> counts.add(rule + ": " + broken));
    return String.join(", ", counts);
  }
}
