package io.mlpipeline.config;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.registry.ModelReference;
import io.mlpipeline.registry.PromotionStage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a member of {@code inputs} that names a registered model: {@code champion: { model:
 * "churn@production", optional: true }}.
 */
final class ModelInputReader {

  static final String KEY = "model";

  private final Problems problems;
  private final Values values;

  ModelInputReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  @Nullable InputSpec read(String name, Node node, Fields fields) {
    Node model = Objects.requireNonNull(fields.find(KEY));
    Node optional = fields.find("optional");
    fields.refuseOthers();
    String written = values.word(model);
    Boolean mayBeAbsent = optional == null ? Boolean.FALSE : values.truth(optional);
    if (written == null || mayBeAbsent == null || !isReference(written, model)) {
      return null;
    }
    return new InputSpec(
        name,
        InputKind.MODEL,
        written,
        null,
        Collections.emptySortedMap(),
        null,
        null,
        null,
        GateSpec.OPEN,
        mayBeAbsent ? InputSpec.Presence.OPTIONAL : InputSpec.Presence.REQUIRED,
        List.of(),
        null,
        node.at());
  }

  /** A bare name would mean something else every day. */
  private boolean isReference(String written, Node node) {
    ModelReference reference = ModelReference.find(written).orElse(null);
    if (reference != null && (reference.stage() != null || reference.version() != null)) {
      return true;
    }
    String stages =
        String.join(
            ", ", Arrays.stream(PromotionStage.values()).map(PromotionStage::word).toList());
    problems.add(
        node.at(),
        "'" + node.path() + "' names no version of a model: '" + Keys.clean(written) + "'",
        "write NAME@STAGE (" + stages + ") or NAME@1.4.0");
    return false;
  }
}
