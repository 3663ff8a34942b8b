package io.mlpipeline.run;

import io.mlpipeline.model.ReuseEntry;

/** Outputs are published and a sink did not receive them: what is left to do is to deliver. */
final class UndeliveredException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ReuseEntry entry;

  UndeliveredException(ReuseEntry entry, RuntimeException cause) {
    super(cause);
    this.entry = entry;
  }

  /** What lets the next attempt or run deliver without computing anything. */
  ReuseEntry entry() {
    return entry;
  }
}
