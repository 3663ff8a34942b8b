package io.mlpipeline.model;

import java.util.Locale;

/** What became of a step in a run. */
public enum StepStatus {
  /** It ran, and published at least one new version. */
  SUCCEEDED,
  /** It ran, and its content is what was there already: no new version. */
  UNCHANGED,
  /** An earlier result was taken. */
  REUSED,
  /** A gate rejected its output; nothing of it is visible. */
  REJECTED,
  /** It failed for good. */
  FAILED,
  /** It did not run: not selected, or something it needs failed. */
  SKIPPED,
  /** It was stopped. */
  CANCELLED;

  /** The word in records and on the screen. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
