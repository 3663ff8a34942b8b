package io.mlpipeline.model;

import java.util.List;

/**
 * The rules between staging and publishing of one dataset.
 *
 * @param rules the rules in the order they were written; empty means nothing is asked
 * @param maxQuarantine the largest share of rows that may be set apart, from 0 to 1; 0 allows none
 * @param references datasets of the pipeline that the rules look at and the step does not read
 * @param scope what rows are judged where only some partitions are published
 */
public record GateSpec(
    List<GateRule> rules, double maxQuarantine, List<String> references, Scope scope) {

  /** What is judged where only some partitions are published. */
  public enum Scope {
    /** The partitions that are published. */
    PARTITIONS,
    /** The whole table as it will be. */
    TABLE
  }

  /** A gate that asks nothing. */
  public static final GateSpec OPEN = new GateSpec(List.of());

  public GateSpec {
    rules = List.copyOf(rules);
    references = List.copyOf(references);
    if (!(maxQuarantine >= 0 && maxQuarantine <= 1)) {
      throw new IllegalArgumentException("a share lies between 0 and 1, not " + maxQuarantine);
    }
  }

  /** Rules about the rows that are published. */
  public GateSpec(List<GateRule> rules, double maxQuarantine, List<String> references) {
    this(rules, maxQuarantine, references, Scope.PARTITIONS);
  }

  /** Rules that set no row apart and look at nothing but the rows. */
  public GateSpec(List<GateRule> rules) {
    this(rules, 0, List.of());
  }

  public boolean isOpen() {
    return rules.isEmpty();
  }

  /** The rules of one severity, in order. */
  public List<GateRule> rules(Severity severity) {
    return rules.stream().filter(rule -> rule.severity() == severity).toList();
  }

  /** What this gate asks of single rows, and how many of them may be set apart. */
  public GateSpec ofRows() {
    return new GateSpec(rules(Severity.QUARANTINE), maxQuarantine, references, scope);
  }
}
