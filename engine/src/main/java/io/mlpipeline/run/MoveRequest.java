package io.mlpipeline.run;

import io.mlpipeline.registry.SemanticVersion;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants done to a version.
 *
 * @param model the registered model's name
 * @param version which version
 * @param by who wants it
 * @param reason why; null if nobody said
 */
public record MoveRequest(
    String model, SemanticVersion version, String by, @Nullable String reason) {

  /** {@code churn@1.4.0}. */
  public String name() {
    return model + "@" + version;
  }

  MoveEvents events(InstantSource clock) {
    return new MoveEvents(by, reason, null, clock.instant());
  }
}
