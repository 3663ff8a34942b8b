package io.mlpipeline.model;

import java.util.List;

/**
 * The rules between staging and publishing of one dataset.
 *
 * @param rules the rules in the order they were written; empty means nothing is asked
 */
public record GateSpec(List<GateRule> rules) {

  /** A gate that asks nothing. */
  public static final GateSpec OPEN = new GateSpec(List.of());

  public GateSpec {
    rules = List.copyOf(rules);
  }

  public boolean isOpen() {
    return rules.isEmpty();
  }
}
