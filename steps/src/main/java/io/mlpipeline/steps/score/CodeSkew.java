package io.mlpipeline.steps.score;

import io.mlpipeline.model.Changes;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.StepRecipe;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whether rows were made as those that a model learned from. Pure.
 *
 * <p>The step that made the rows must be one of those that led to the model, by code and params;
 * its name does not count. Rows whose very content led to the model are the same whatever made
 * them.
 */
final class CodeSkew {

  private static final int LONGEST = 60;
  private static final int MOST = 5;

  private CodeSkew() {}

  /** What differs, in words; empty if nothing does, or if nobody knows how the rows were made. */
  static Optional<String> between(Provenance rows, String identity, Provenance model) {
    if (model.contents().contains(identity) || rows.recipes().isEmpty() || !isKnown(model)) {
      return Optional.empty();
    }
    StepRecipe made = rows.recipes().get(0);
    if (rows.recipes().stream().anyMatch(one -> model.recipes().stream().anyMatch(one::isLike))) {
      return Optional.empty();
    }
    StepRecipe nearest =
        model.recipes().stream()
            .min(
                Comparator.comparingInt((StepRecipe one) -> differences(one, made).size())
                    .thenComparing(one -> !one.step().equals(made.step())))
            .orElseThrow();
    List<String> different = differences(nearest, made);
    String more = different.size() > MOST ? " and " + (different.size() - MOST) + " more" : "";
    return Optional.of(
        rows.label()
            + " was made by step "
            + made.step()
            + " in another way than what "
            + model.label()
            + " learned from (its step "
            + nearest.step()
            + "): "
            + String.join("; ", different.subList(0, Math.min(MOST, different.size())))
            + more);
  }

  /** Whether both sides are known well enough to be compared. */
  static boolean isKnown(Provenance model) {
    return !model.recipes().isEmpty();
  }

  private static List<String> differences(StepRecipe then, StepRecipe now) {
    return Changes.between(then.ingredients(), now.ingredients(), LONGEST);
  }
}
