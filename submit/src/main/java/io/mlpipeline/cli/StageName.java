package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.registry.PromotionStage;
import java.util.Arrays;
import java.util.List;

/** A promotion stage as somebody typed it. */
final class StageName {

  private StageName() {}

  /** The stage; it must be one of these. */
  static PromotionStage of(String written, PromotionStage... allowed) {
    List<String> words = Arrays.stream(allowed).map(PromotionStage::word).toList();
    return PromotionStage.find(written)
        .filter(stage -> words.contains(stage.word()))
        .orElseThrow(
            () -> {
              String near = Suggestions.didYouMean(written, words);
              return EngineException.misused(
                  "--to cannot be '" + Messages.clean(written) + "'",
                  near == null ? "one of " + String.join(", ", words) : near);
            });
  }
}
