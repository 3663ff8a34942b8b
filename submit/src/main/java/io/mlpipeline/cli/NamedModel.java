package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.registry.ModelReference;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.VersionState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A registered model that somebody named on the command line, and that exists.
 *
 * @param reference what was named
 * @param state the model as it stands; has at least one version
 */
record NamedModel(ModelReference reference, ModelState state) {

  /**
   * Finds it.
   *
   * @param location the warehouse as the user wrote it, for messages
   * @throws EngineException {@code CONFIG_INVALID} if there is no such model
   */
  static NamedModel find(Warehouse warehouse, String location, String text) {
    ModelReference reference = ModelReference.find(text).orElseThrow(() -> noReference(text));
    ModelState state = warehouse.registry().state(reference.model());
    if (state.last() == 0) {
      throw EngineException.misused(
          "there is no model " + reference.model() + " in " + location,
          orElse(
              Suggestions.didYouMean(reference.model(), warehouse.registry().models()),
              "mlpipeline models list names them"));
    }
    return new NamedModel(reference, state);
  }

  /** Whether a version or a stage was named. */
  boolean isVersion() {
    return reference.version() != null || reference.stage() != null;
  }

  /** The version that was named, itself or by its stage; throws if there is none. */
  VersionState version() {
    return reference.resolve(state).orElseThrow(this::noVersion);
  }

  private EngineException noVersion() {
    String model = reference.model();
    String lists = "mlpipeline models show " + model + " lists its versions";
    PromotionStage stage = reference.stage();
    if (stage != null) {
      return EngineException.misused("no version of " + model + " is " + stage.word(), lists);
    }
    List<String> known = state.versions().stream().map(v -> v.version().toString()).toList();
    String written = String.valueOf(reference.version());
    return EngineException.misused(
        "there is no version " + written + " of model " + model,
        orElse(Suggestions.didYouMean(written, known), lists));
  }

  private static EngineException noReference(String text) {
    String rest = text.substring(text.indexOf('@') + 1);
    List<String> stages = Arrays.stream(PromotionStage.values()).map(PromotionStage::word).toList();
    return EngineException.misused(
        "'" + Messages.clean(text) + "' names no model",
        orElse(
            text.contains("@") ? Suggestions.didYouMean(rest, stages) : null,
            "a name such as churn, churn@1.4.0 or churn@production"));
  }

  private static String orElse(@Nullable String suggestion, String other) {
    return Optional.ofNullable(suggestion).orElse(other);
  }
}
