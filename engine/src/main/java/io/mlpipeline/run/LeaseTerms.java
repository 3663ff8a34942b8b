package io.mlpipeline.run;

import java.time.Duration;

/**
 * The times of a lease.
 *
 * @param seconds how long a heartbeat may stand still before its holder is lost, at least 1
 */
public record LeaseTerms(int seconds) {

  static final int DEFAULT_SECONDS = 30;

  /** Half a minute: longer than a pause for garbage, shorter than anybody's patience. */
  public static final LeaseTerms DEFAULT = new LeaseTerms(DEFAULT_SECONDS);

  private static final int BEATS = 6;

  public LeaseTerms {
    if (seconds < 1) {
      throw new IllegalArgumentException("a lease must be at least 1 s, not " + seconds);
    }
  }

  /** From one heartbeat to the next: a few may get lost. */
  Duration beat() {
    return Duration.ofSeconds(seconds).dividedBy(BEATS);
  }
}
