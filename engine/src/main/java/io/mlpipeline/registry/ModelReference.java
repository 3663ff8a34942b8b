package io.mlpipeline.registry;

import io.mlpipeline.model.Names;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A registered model as people name it: {@code churn@production}, {@code churn@1.4.0}, or {@code
 * churn} where a version need not be said.
 *
 * @param model the registered model's name
 * @param stage what comes there counts; null if a version or nothing was named
 * @param version exactly that version; null if a stage or nothing was named
 */
public record ModelReference(
    String model, @Nullable PromotionStage stage, @Nullable SemanticVersion version) {

  /** What the text names; empty if it names no model. */
  public static Optional<ModelReference> find(String text) {
    int at = text.indexOf('@');
    String model = at < 0 ? text : text.substring(0, at);
    if (!Names.isValid(model)) {
      return Optional.empty();
    }
    if (at < 0) {
      return Optional.of(new ModelReference(model, null, null));
    }
    String rest = text.substring(at + 1);
    Optional<ModelReference> staged =
        PromotionStage.find(rest).map(stage -> new ModelReference(model, stage, null));
    return staged.or(
        () ->
            SemanticVersion.find(rest.startsWith("v") ? rest.substring(1) : rest)
                .map(version -> new ModelReference(model, null, version)));
  }

  /** What it means now: of several at a stage that which came there last; without either none. */
  public Optional<VersionState> resolve(ModelState state) {
    if (version != null) {
      return state.find(version);
    }
    return stage == null ? Optional.empty() : state.at(stage).stream().findFirst();
  }

  @Override
  public String toString() {
    return model
        + (stage != null ? "@" + stage.word() : "")
        + (version != null ? "@" + version : "");
  }
}
