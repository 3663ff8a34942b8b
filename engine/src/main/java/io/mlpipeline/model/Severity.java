package io.mlpipeline.model;

/** What the failure of a rule means. */
public enum Severity {
  /** The output is rejected. */
  BLOCK,
  /** The output is published and the failure is reported. */
  WARN
}
