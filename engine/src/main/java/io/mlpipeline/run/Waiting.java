package io.mlpipeline.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a run waits for another one of its pipeline to end.
 *
 * @param limit no longer than this; null as long as it takes
 */
public record Waiting(@Nullable Duration limit) {

  /** It does not wait. */
  public static final Waiting NONE = new Waiting(Duration.ZERO);

  /** As long as it takes. */
  public static final Waiting ENDLESS = new Waiting(null);

  boolean goesOn(Duration waited) {
    return limit == null || waited.compareTo(limit) < 0;
  }
}
