package io.mlpipeline.spark.gate;

import io.mlpipeline.model.Suggestions;
import java.util.Collection;
import java.util.Optional;

/** The known name that a misspelt one most likely means, quoted as DQDL does. */
final class Nearest {

  private Nearest() {}

  /** A suggestion such as {@code did you mean "IsComplete"?}; empty if nothing is near. */
  static Optional<String> suggestion(String wrong, Collection<String> known) {
    return Optional.ofNullable(Suggestions.nearest(wrong, known))
        .map(name -> "did you mean \"" + name + "\"?");
  }
}
