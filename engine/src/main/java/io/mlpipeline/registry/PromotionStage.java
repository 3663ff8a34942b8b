package io.mlpipeline.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How far a model version has come. At most one version of a model is in production. */
public enum PromotionStage {
  /** Registered, and nothing else is known to be good of it. */
  EXPERIMENTAL,
  /** It has passed the gates to be tried beside the champion. */
  STAGING,
  /** The champion: what {@code NAME@production} means. */
  PRODUCTION,
  /** Out of use; kept, and may come back by a rollback. */
  ARCHIVED;

  /** The word in config, records and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The stage of a word; empty if there is none. */
  public static Optional<PromotionStage> find(String word) {
    return Arrays.stream(values()).filter(stage -> stage.word().equals(word)).findFirst();
  }
}
