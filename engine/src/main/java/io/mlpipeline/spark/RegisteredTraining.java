package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelReference;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.VersionState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds in the registry what a version of a registered model learned from. */
final class RegisteredTraining {

  private RegisteredTraining() {}

  /**
   * A registered model's training data.
   *
   * @param name the model as it was registered: {@code churn@1.4.0}
   * @param rows the table that it learned from
   */
  record Found(String name, LineageInput rows) {}

  /**
   * What the version that is meant learned from; empty if nothing has come to the named stage yet,
   * or no model of this name was ever registered.
   *
   * @throws EngineException {@code INPUT_GONE} if there is no such version, or it learned from
   *     files; {@code STORAGE_CORRUPT} if its card is gone
   */
  static Optional<Found> find(@Nullable ModelRegistry registry, ModelReference reference) {
    ModelState state =
        registry == null ? ModelState.none(reference.model()) : registry.state(reference.model());
    Optional<VersionState> version = reference.resolve(state);
    if (version.isEmpty() && reference.version() != null && !state.versions().isEmpty()) {
      throw new EngineException(
          ErrorType.INPUT_GONE,
          "there is no version "
              + reference.version()
              + " of model "
              + reference.model()
              + "; the newest is "
              + state.newest().map(v -> v.version().toString()).orElse("none"));
    }
    return version.map(v -> trained(registry, state, v));
  }

  private static Found trained(
      @Nullable ModelRegistry registry, ModelState state, VersionState version) {
    String name = state.model() + "@" + version.version();
    ModelCard card =
        Optional.ofNullable(registry)
            .flatMap(known -> known.findCard(state.model(), version.card()))
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorType.STORAGE_CORRUPT,
                        "the card of " + name + " is gone from the registry: restore it"));
    LineageInput rows = card.trainedOn();
    if (rows == null) {
      throw new EngineException(
          ErrorType.INPUT_GONE,
          "model "
              + name
              + " learned from files, of which no rows are kept: let a step publish them as a"
              + " table, or name another baseline");
    }
    return new Found(name, rows);
  }
}
