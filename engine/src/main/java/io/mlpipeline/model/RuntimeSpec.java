package io.mlpipeline.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step is run; never part of a fingerprint.
 *
 * @param retries further attempts after a retryable failure
 * @param backoff the pause before the first further attempt; doubles each time, with jitter
 * @param timeout how long one attempt may take; null means no limit
 * @param onOom what changes for the next attempt each time that memory ran out
 * @param memoryFailures how often memory ran out in this run
 */
public record RuntimeSpec(
    int retries,
    Duration backoff,
    @Nullable Duration timeout,
    List<RuntimeChange> onOom,
    int memoryFailures) {

  /** No retries, no limit. */
  public static final RuntimeSpec DEFAULT = new RuntimeSpec(0, Duration.ofSeconds(1), null);

  public RuntimeSpec {
    onOom = List.copyOf(onOom);
  }

  /** Nothing changes when memory runs out. */
  public RuntimeSpec(int retries, Duration backoff, @Nullable Duration timeout) {
    this(retries, backoff, timeout, List.of(), 0);
  }

  /** The same after memory ran out once more. */
  public RuntimeSpec afterMemoryRanOut() {
    return new RuntimeSpec(retries, backoff, timeout, onOom, memoryFailures + 1);
  }

  /** What an attempt is given otherwise than the session has it: all changes so far, together. */
  public List<RuntimeChange> changes() {
    return memoryFailures == 0
        ? List.of()
        : onOom.stream().map(change -> change.times(memoryFailures)).toList();
  }
}
