package io.mlpipeline.model;

/** What the failure of a rule means. */
public enum Severity {
  /** The output is rejected. */
  BLOCK,
  /** The output is published and the failure is reported. */
  WARN,
  /** The rows that break it are set apart, and the rest is published while they are few. */
  QUARANTINE
}
