package io.mlpipeline.model;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where rows that a step read went, as far as the step knows: what was read is what is published,
 * set apart or deduplicated, and the engine holds the step to that sum.
 *
 * @param read rows or records that were read
 * @param deduplicated rows left out because another one of the same key stays
 */
public record RowAccount(long read, long deduplicated) {

  private static final String TEXT = "read = published + quarantined + deduplicated";

  /** Whether the sum comes out. */
  public RuleOutcome judge(String dataset, SourceLocation at, long published, long quarantined) {
    long sum = published + quarantined + deduplicated;
    String message =
        dataset
            + " does not account for every row: "
            + read
            + " were read, and "
            + published
            + " published + "
            + quarantined
            + " quarantined + "
            + deduplicated
            + " deduplicated are "
            + sum
            + "; a step that leaves rows out must hand them over (withQuarantined) or count them"
            + " (withAccount)";
    SortedMap<String, Double> observed =
        new TreeMap<>(
            Map.of(
                "read", (double) read,
                "published", (double) published,
                "quarantined", (double) quarantined,
                "deduplicated", (double) deduplicated));
    GateRule rule = new GateRule(QuarantineTable.ACCOUNT_RULE, Severity.BLOCK, TEXT, at);
    return new RuleOutcome(rule, sum == read, sum == read ? null : message, observed);
  }

  /** The account that an earlier gate was given; empty if it was given none. */
  public static Optional<RowAccount> of(GateReport earlier) {
    return earlier.outcomes().stream()
        .filter(o -> o.rule().id().equals(QuarantineTable.ACCOUNT_RULE))
        .filter(o -> o.observed().containsKey("read") && o.observed().containsKey("deduplicated"))
        .map(
            o ->
                new RowAccount(
                    o.observed().get("read").longValue(),
                    o.observed().get("deduplicated").longValue()))
        .findFirst();
  }
}
