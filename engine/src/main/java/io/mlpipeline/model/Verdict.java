package io.mlpipeline.model;

/** What a gate says of an output. */
public enum Verdict {
  /** Every rule holds. */
  PASS,
  /** Only rules under {@code warn} fail. */
  WARN,
  /** A rule under {@code block} fails, or could not be evaluated. */
  REJECT
}
