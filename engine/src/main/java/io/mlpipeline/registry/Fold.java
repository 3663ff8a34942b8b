package io.mlpipeline.registry;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adds events to a state, one by one; refuses a history that cannot be. */
public final class Fold {

  private Fold() {}

  /**
   * The state after one more event.
   *
   * @param seal the event's own seal
   * @throws EngineException {@code STORAGE_CORRUPT} if the event does not follow the state: a
   *     number is missing, the seal before it is another, or it moves a version from where it is
   *     not
   */
  public static ModelState add(ModelState state, RegistryEvent event, String seal) {
    if (event.number() != state.last() + 1 || !event.model().equals(state.model())) {
      throw corrupt(event, "it does not follow event " + state.last());
    }
    if (!event.previous().equals(state.seal())) {
      throw corrupt(event, "the event before it was altered: its seal is another");
    }
    return switch (event.kind()) {
      case REGISTERED -> registered(state, event, seal);
      case EVALUATED ->
          state.with(known(state, event).evaluatedAt(event.number()), event.number(), seal);
      case APPROVED, REJECTED -> judged(state, event, seal);
      case PROMOTED, DEMOTED, ROLLED_BACK, ARCHIVED -> moved(state, event, seal);
    };
  }

  private static ModelState registered(ModelState state, RegistryEvent event, String seal) {
    if (state.find(event.version()).isPresent()) {
      throw corrupt(event, "version " + event.version() + " exists already");
    }
    VersionState fresh =
        new VersionState(
            event.version(),
            event.digest(),
            Objects.requireNonNull(event.card()),
            PromotionStage.EXPERIMENTAL,
            event.at(),
            event.number(),
            event.by(),
            event.number(),
            0,
            List.of(),
            false);
    return state.with(fresh, event.number(), seal);
  }

  private static ModelState judged(ModelState state, RegistryEvent event, String seal) {
    VersionState version = known(state, event);
    boolean approves = event.kind() == RegistryEvent.Kind.APPROVED;
    List<String> by = approves ? new ArrayList<>(version.approvals()) : new ArrayList<>();
    if (approves) {
      by.add(event.by());
    }
    return state.with(version.judged(by, !approves), event.number(), seal);
  }

  /** Whoever comes to production takes the place of the one that is there. */
  private static ModelState moved(ModelState state, RegistryEvent event, String seal) {
    VersionState version = known(state, event);
    PromotionStage to = Objects.requireNonNull(event.to());
    if (event.from() != version.stage()) {
      throw corrupt(event, version.version() + " is not " + word(event.from()));
    }
    ModelState after = state;
    if (to == PromotionStage.PRODUCTION) {
      for (VersionState champion : state.at(PromotionStage.PRODUCTION)) {
        after = after.with(replaced(champion, event), event.number(), seal);
      }
    }
    return after.with(version.at(to, event.at(), event.number()), event.number(), seal);
  }

  /** A champion that is replaced is archived; a rollback finds it there. */
  private static VersionState replaced(VersionState champion, RegistryEvent event) {
    return champion.at(PromotionStage.ARCHIVED, event.at(), event.number());
  }

  private static String word(@Nullable PromotionStage stage) {
    return stage == null ? "anywhere" : stage.word();
  }

  private static VersionState known(ModelState state, RegistryEvent event) {
    return state
        .find(event.version())
        .filter(version -> version.digest().equals(event.digest()))
        .orElseThrow(() -> corrupt(event, "there is no version " + event.version() + " of it"));
  }

  private static EngineException corrupt(RegistryEvent event, String why) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "event " + event.number() + " of model " + event.model() + " cannot be: " + why);
  }
}
