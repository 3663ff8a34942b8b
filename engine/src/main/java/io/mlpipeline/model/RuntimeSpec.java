package io.mlpipeline.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a step is run; never part of a fingerprint.
 *
 * @param retries further attempts after a retryable failure
 * @param backoff the pause before the first further attempt; doubles each time, with jitter
 * @param timeout how long one attempt may take; null means no limit
 */
public record RuntimeSpec(int retries, Duration backoff, @Nullable Duration timeout) {

  /** No retries, no limit. */
  public static final RuntimeSpec DEFAULT = new RuntimeSpec(0, Duration.ofSeconds(1), null);
}
