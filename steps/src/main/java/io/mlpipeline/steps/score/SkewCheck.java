package io.mlpipeline.steps.score;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.step.Distance;
import io.mlpipeline.step.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Holds the rows against those that a model learned from, before anything is scored. */
final class SkewCheck {

  private final StepContext context;
  private final Score.Params params;

  SkewCheck(StepContext context, Score.Params params) {
    this.context = context;
    this.params = params;
    params.maxSkews().forEach((column, limit) -> limit(column));
  }

  /** Refuses or reports what differs, as the params say. */
  void check(String modelPort) {
    if (params.skew() == Score.Skew.OFF) {
      return;
    }
    List<String> found = new ArrayList<>();
    code(modelPort).ifPresent(found::add);
    found.addAll(columns(modelPort));
    for (String one : found) {
      if (params.skew() == Score.Skew.REFUSE) {
        throw new EngineException(
            ErrorType.SKEW,
            one + "; train anew on such rows, correct them, or let it pass with skew: warn");
      }
      context.log().warn("skew: {}", one);
    }
  }

  private Optional<String> code(String modelPort) {
    Optional<Provenance> rows = context.provenance("rows");
    Optional<Provenance> model = context.provenance(modelPort);
    if (rows.isEmpty() || model.isEmpty()) {
      return Optional.empty();
    }
    if (rows.get().recipes().isEmpty() || !CodeSkew.isKnown(model.get())) {
      context.log().warn("nobody knows how the rows were made: their code is not compared");
      return Optional.empty();
    }
    return CodeSkew.between(rows.get(), context.inputIdentity("rows"), model.get());
  }

  private List<String> columns(String modelPort) {
    List<String> features =
        context.signature(modelPort).map(ModelSignature::inputs).orElse(List.of()).stream()
            .map(ModelSignature.Field::name)
            .toList();
    if (features.isEmpty()) {
      return List.of();
    }
    Optional<SortedMap<String, Distance>> distances =
        context.distances("rows", modelPort, features);
    if (distances.isEmpty()) {
      context.log().warn("nobody knows what the model learned from: distributions not compared");
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, Distance> one : distances.get().entrySet()) {
      if (one.getValue().value() > limit(one.getKey())) {
        found.add(
            String.format(
                Locale.ROOT,
                "column %s is not distributed as the model's training rows: a stability index of"
                    + " %.3f, more than %s (%s)",
                one.getKey(),
                one.getValue().value(),
                limit(one.getKey()),
                one.getValue().where()));
      }
    }
    return found;
  }

  private double limit(String column) {
    String own = params.maxSkews().get(column);
    try {
      double limit = own == null ? params.maxSkew() : Double.parseDouble(own);
      if (limit > 0) {
        return limit;
      }
    } catch (NumberFormatException ignored) {
      // said below
    }
    throw Score.invalid(
        (own == null ? "param max-skew" : "param max-skews." + column)
            + " must be a number above 0, not "
            + (own == null ? params.maxSkew() : own));
  }
}
