package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Appends what somebody decided, from any number of processes. Who loses the number to an event
 * that has nothing to do with the decision decides again on what is there now; who loses it to
 * another decision on the same thing is told whose, and nothing happens.
 */
final class Appending {

  /** Somebody wins every round. */
  private static final int MOST_ROUNDS = 200;

  private final ModelRegistry registry;

  Appending(ModelRegistry registry) {
    this.registry = registry;
  }

  /** What a decision stands on. */
  enum Ground {
    /** Where the version is, and whether somebody rejected it. */
    VERSION,
    /** That, and which version is in production. */
    VERSION_AND_CHAMPION
  }

  /**
   * Appends one event.
   *
   * @param decide the event for the state and the version as they stand; throws if there is none
   * @throws EngineException {@code MODEL_CONFLICT} if somebody else decided first
   */
  RegistryEvent append(
      String model,
      SemanticVersion version,
      Ground ground,
      BiFunction<ModelState, VersionState, RegistryEvent> decide) {
    return append(registry.state(model), version, ground, decide);
  }

  /** The same for a decision that was made on this state, maybe a while ago. */
  RegistryEvent append(
      ModelState first,
      SemanticVersion version,
      Ground ground,
      BiFunction<ModelState, VersionState, RegistryEvent> decide) {
    String model = first.model();
    ModelState state = first;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      RegistryEvent event = decide.apply(state, version(state, version));
      if (registry.append(event)) {
        return event;
      }
      state = registry.state(model);
      if (isAnother(first, state, version, ground)) {
        throw overtaken(first, state, version);
      }
    }
    throw restless(model, version);
  }

  static EngineException restless(String model, SemanticVersion version) {
    return new EngineException(
        ErrorType.MODEL_CONFLICT,
        "nothing was done to " + model + "@" + version + ": others write to it without a pause");
  }

  /** The version, or an error that names those that there are. */
  static VersionState version(ModelState state, SemanticVersion version) {
    return state.find(version).orElseThrow(() -> unknown(state, version));
  }

  private static EngineException unknown(ModelState state, SemanticVersion version) {
    List<String> all = state.versions().stream().map(v -> v.version().toString()).toList();
    String near = Suggestions.didYouMean(version.toString(), all);
    String has = "`mlpipeline models show " + state.model() + "` lists the versions";
    return all.isEmpty()
        ? EngineException.misused(
            "there is no registered model " + state.model(), "`mlpipeline models list` names them")
        : EngineException.misused(
            "there is no " + state.model() + "@" + version, near == null ? has : near);
  }

  private static boolean isAnother(
      ModelState before, ModelState now, SemanticVersion version, Ground ground) {
    VersionState was = version(before, version);
    VersionState is = version(now, version);
    boolean isMoved =
        was.moved() != is.moved()
            || was.isRejected() != is.isRejected()
            || was.isRemoved() != is.isRemoved();
    return isMoved
        || (ground == Ground.VERSION_AND_CHAMPION && !champion(before).equals(champion(now)));
  }

  private static Optional<SemanticVersion> champion(ModelState state) {
    return state.champion().map(VersionState::version);
  }

  private EngineException overtaken(ModelState before, ModelState now, SemanticVersion version) {
    String who = "somebody else was there first";
    for (long number = now.last(); number > before.last(); number--) {
      Optional<RegistryEvent> event = registry.event(now.model(), number);
      if (event.isPresent() && concerns(event.get(), version)) {
        who = told(event.get());
        break;
      }
    }
    return new EngineException(
        ErrorType.MODEL_CONFLICT,
        "nothing was done to " + now.model() + "@" + version + ": meanwhile " + who);
  }

  private static boolean concerns(RegistryEvent event, SemanticVersion version) {
    boolean isVerdict =
        event.kind() != RegistryEvent.Kind.EVALUATED && event.version().equals(version);
    return isVerdict
        || event.from() == PromotionStage.PRODUCTION
        || event.to() == PromotionStage.PRODUCTION;
  }

  /** An event as a sentence without its time. */
  static String told(RegistryEvent event) {
    String what = event.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    PromotionStage to = event.to();
    return event.by()
        + " "
        + what
        + " "
        + event.model()
        + "@"
        + event.version()
        + (to == null || to == PromotionStage.ARCHIVED ? "" : " to " + to.word())
        + " (event "
        + event.number()
        + ")";
  }
}
