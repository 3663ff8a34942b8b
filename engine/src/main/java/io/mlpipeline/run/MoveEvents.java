package io.mlpipeline.run;

import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RestoredSet;
import io.mlpipeline.registry.VersionState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of one decision.
 *
 * @param by who decided
 * @param reason why; null if nobody said
 * @param run the run that decided; null for a command
 * @param at when
 */
record MoveEvents(String by, @Nullable String reason, @Nullable String run, Instant at) {

  /** A verdict, which moves nothing. */
  RegistryEvent verdict(RegistryEvent.Kind kind, ModelState state, VersionState version) {
    return event(kind, state, version, null, 0, List.of(), null);
  }

  /** A move. */
  RegistryEvent move(
      RegistryEvent.Kind kind, ModelState state, VersionState version, PromotionStage to) {
    return event(kind, state, version, to, 0, List.of(), null);
  }

  /** A promotion with what it was decided by. */
  RegistryEvent promotion(
      ModelState state,
      VersionState version,
      PromotionStage to,
      long evidenceAt,
      List<Decided> decided) {
    return event(RegistryEvent.Kind.PROMOTED, state, version, to, evidenceAt, decided, null);
  }

  /** A move back to production. */
  RegistryEvent rollback(ModelState state, VersionState version, RestoredSet set) {
    return event(
        RegistryEvent.Kind.ROLLED_BACK,
        state,
        version,
        PromotionStage.PRODUCTION,
        0,
        List.of(),
        set);
  }

  private RegistryEvent event(
      RegistryEvent.Kind kind,
      ModelState state,
      VersionState version,
      @Nullable PromotionStage to,
      long evidenceAt,
      List<Decided> decided,
      @Nullable RestoredSet restored) {
    return new RegistryEvent(
        state.model(),
        state.last() + 1,
        kind,
        version.version(),
        version.digest(),
        to == null ? null : version.stage(),
        to,
        by,
        at,
        reason,
        run,
        null,
        null,
        evidenceAt,
        decided,
        restored,
        state.seal());
  }
}
