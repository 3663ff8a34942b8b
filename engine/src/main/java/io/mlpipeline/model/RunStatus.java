package io.mlpipeline.model;

import java.util.Locale;

/** What became of a run. */
public enum RunStatus {
  SUCCEEDED,
  FAILED,
  REJECTED,
  WAITING,
  CANCELLED,
  LOST;

  /** The word in records and on the screen. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
