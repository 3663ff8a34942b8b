package io.mlpipeline.plan;

import java.util.Locale;

/** What is to be done about a step. */
public enum Decision {
  /** Compute it. */
  EXECUTE,
  /** Judge files that exist against the gates of now; compute nothing. */
  REAUDIT,
  /** Take the earlier result. */
  REUSE,
  /** Unknown until a step above it is done. */
  AWAIT,
  /** Cannot be done: something it needs cannot exist. */
  BLOCKED,
  /** Not asked for. */
  SKIP;

  /** The word in records and on the screen. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
