package io.mlpipeline.model;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a lease ended; there is one end for each lease.
 *
 * @param how how
 * @param by the run or the person that ended it
 * @param reason why, where a person says so; else null
 * @param at when
 */
public record LeaseEnd(How how, String by, @Nullable String reason, Instant at) {

  /** The ways in which a lease ends. */
  public enum How {
    /** Its run ended. */
    RELEASED,
    /** Its run gave no sign of life any more, and somebody noticed. */
    LOST,
    /** A person ended it. */
    ABANDONED;

    /** The word in records. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
