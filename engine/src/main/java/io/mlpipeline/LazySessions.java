package io.mlpipeline;

import io.mlpipeline.port.Sessions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the sessions of a run once, when the first step needs them. */
final class LazySessions {

  private final Supplier<Sessions> opener;
  private @Nullable Sessions opened;

  LazySessions(Supplier<Sessions> opener) {
    this.opener = opener;
  }

  synchronized Sessions open() {
    Sessions now = opened;
    if (now == null) {
      now = opener.get();
      opened = now;
    }
    return now;
  }
}
