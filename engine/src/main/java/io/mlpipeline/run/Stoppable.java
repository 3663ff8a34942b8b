package io.mlpipeline.run;

import java.time.Duration;

/** Work that can be stopped from any thread. */
public interface Stoppable {

  /** Stops it; what is being published is finished. */
  void cancel();

  /** Stops it, and ends it without what has not ended after a while. */
  default void cancelWithin(Duration patience) {
    cancel();
  }

  /** Whether it ended while a part of it went on. */
  default boolean isLeftBehind() {
    return false;
  }
}
