package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelReference;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.VersionState;
import java.util.List;
import java.util.Optional;

/**
 * Resolves inputs that name a registered model, once a run, at planning. The one file of such a pin
 * is the model's directory, by the name {@code churn@1.4.0}.
 */
public final class ModelPins {

  private ModelPins() {}

  /**
   * What the name means now; empty if there is no such version, or nothing has come to that stage.
   */
  public static Optional<PinnedSource> pin(ModelRegistry registry, InputSpec input) {
    ModelReference reference =
        ModelReference.find(input.location())
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorType.CONFIG_INVALID,
                        input.at() + ": '" + input.location() + "' names no model"));
    ModelState state = registry.state(reference.model());
    return reference.resolve(state).map(version -> pinned(registry, input, state, version));
  }

  private static PinnedSource pinned(
      ModelRegistry registry, InputSpec input, ModelState state, VersionState version) {
    if (version.isRemoved()) {
      throw new EngineException(
          ErrorType.INPUT_GONE,
          input.at()
              + ": the files of "
              + state.model()
              + "@"
              + version.version()
              + " were removed by gc (event "
              + version.removed()
              + "); name another version, or make it again");
    }
    ModelCard card =
        registry
            .findCard(state.model(), version.card())
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorType.STORAGE_CORRUPT,
                        "the card of "
                            + state.model()
                            + "@"
                            + version.version()
                            + " is gone from the registry: restore it, or name another version"));
    return new PinnedSource(
        input.name(),
        InputKind.MODEL,
        card.pipeline() + "/" + card.artifact(),
        version.registered(),
        version.digest(),
        false,
        List.of(
            new PinnedFile(
                card.uri(), state.model() + "@" + version.version(), 0, 0, version.digest())),
        0);
  }
}
