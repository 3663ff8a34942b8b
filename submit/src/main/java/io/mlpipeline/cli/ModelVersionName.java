package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.registry.ModelReference;
import io.mlpipeline.run.MoveRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The one version that somebody decides on. */
final class ModelVersionName {

  @Parameters(index = "0", paramLabel = "NAME@VERSION", description = "Such as churn@1.4.0.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  /**
   * What the user of this process wants; nobody can say to be somebody else.
   *
   * @param reason why; null if it need not be said
   */
  MoveRequest wanted(@Nullable String reason) {
    ModelReference reference = ModelReference.find(name).orElse(null);
    if (reference == null || reference.version() == null) {
      String model = reference == null ? "churn" : reference.model();
      throw EngineException.misused(
          "'" + Messages.clean(name) + "' names no version",
          "decide on one version, such as " + model + "@1.4.0");
    }
    if (reason != null && reason.isBlank()) {
      throw EngineException.misused("the reason is empty", "--reason \"what you have looked at\"");
    }
    return new MoveRequest(
        reference.model(),
        reference.version(),
        Planning.user(),
        reason == null ? null : reason.strip());
  }
}
