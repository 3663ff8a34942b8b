package io.mlpipeline.run;

import io.mlpipeline.model.RuntimeSpec;
import java.time.Duration;
import java.util.SplittableRandom;

/** How long to wait before another attempt: doubling, with jitter, never beyond five minutes. */
final class Retry {

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private Retry() {}

  /**
   * The pause after the attempt of this number (from 1): between a half and the whole of {@code
   * backoff * 2^(attempt-1)}. The jitter is drawn from the seed, so that it can be tested.
   */
  static Duration pause(RuntimeSpec runtime, int attempt, long seed) {
    long base = Math.max(1, runtime.backoff().toMillis());
    long full = Math.min(LONGEST.toMillis(), base << Math.min(attempt - 1, 20));
    long jitter = new SplittableRandom(seed + attempt).nextLong(full / 2 + 1);
    return Duration.ofMillis(full - jitter);
  }
}
