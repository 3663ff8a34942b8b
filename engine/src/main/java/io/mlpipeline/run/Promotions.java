package io.mlpipeline.run;

import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.ModelPolicy.Automatic;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.registry.Judgement;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves versions of registered models upwards, on evidence. Safe from any number of processes: a
 * promotion is judged on a state, and takes effect only if that is still the state.
 */
public final class Promotions {

  private static final int MOST_ROUNDS = 200;

  private final ModelRegistry registry;
  private final PromotionJudge judge;
  private final InstantSource clock;

  /**
   * @param rules asked only where a policy has rules
   */
  public Promotions(ModelRegistry registry, PromotionRules rules, InstantSource clock) {
    this.registry = registry;
    this.judge = new PromotionJudge(registry, rules);
    this.clock = clock;
  }

  /**
   * A promotion that took place.
   *
   * @param event its event
   * @param judgement what it was decided by
   * @param replaced the version that was in production until then; null if none was, or the move
   *     was not to production
   */
  public record Promoted(
      RegistryEvent event, Judgement judgement, @Nullable SemanticVersion replaced) {}

  /**
   * How far a run brought a version by itself.
   *
   * @param events what happened, in order; empty if nothing did
   * @param stage where the version is now
   * @param stopped why it did not come as far as config lets it; null if it did
   */
  public record Advance(
      List<RegistryEvent> events, PromotionStage stage, @Nullable Judgement stopped) {

    public Advance {
      events = List.copyOf(events);
    }

    /** What happened and what did not, a sentence each, for reports and logs. */
    public List<String> news() {
      List<String> news = new ArrayList<>();
      for (RegistryEvent event : events) {
        String name = event.model() + "@" + event.version();
        news.add("promoted " + name + " to " + Objects.requireNonNull(event.to()).word());
      }
      if (stopped != null) {
        news.add("not promoted to " + stopped.to().word() + ": " + stopped.hindrance());
      }
      return news;
    }
  }

  /** What is to be said of a promotion now; changes nothing. */
  public Judgement judge(MoveRequest wanted, PromotionStage to, ModelPolicy policy) {
    ModelState state = registry.state(wanted.model());
    VersionState version = Appending.version(state, wanted.version());
    return judge.judge(state, version, to, policy);
  }

  /**
   * Promotes a version by one stage.
   *
   * @throws io.mlpipeline.model.EngineException {@code CONFIG_INVALID} if there is no such version
   *     or no such move, {@code PROMOTION_REFUSED} or {@code APPROVAL_MISSING} if something is in
   *     the way, {@code MODEL_CONFLICT} if somebody else moved this version or the champion
   */
  public Promoted promote(MoveRequest wanted, PromotionStage to, ModelPolicy policy) {
    MoveEvents events = wanted.events(clock);
    List<Promoted> last = new ArrayList<>();
    new Appending(registry)
        .append(
            wanted.model(),
            wanted.version(),
            Appending.Ground.VERSION_AND_CHAMPION,
            (state, version) -> {
              Judgement judgement = judge.judge(state, version, to, policy);
              if (judgement.hindrance() != null) {
                throw judgement.hindrance().exception();
              }
              RegistryEvent event = event(events, state, judgement);
              last.clear();
              last.add(new Promoted(event, judgement, replaced(state, to)));
              return event;
            });
    return last.get(0);
  }

  /**
   * Promotes a version as far as its policy lets a run do it by itself. Somebody else who moves the
   * model at the same time is no failure: it is judged again on what is there then.
   *
   * @param run the run's id; the events are by {@code run <id>}
   */
  public Advance advance(String model, SemanticVersion version, ModelPolicy policy, String run) {
    MoveEvents events = new MoveEvents("run " + run, null, run, clock.instant());
    List<RegistryEvent> done = new ArrayList<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      ModelState state = registry.state(model);
      VersionState now = Appending.version(state, version);
      Optional<PromotionStage> next = next(now.stage(), policy.automatic());
      if (next.isEmpty()) {
        return new Advance(done, now.stage(), null);
      }
      Judgement judgement = judge.judge(state, now, next.get(), policy);
      if (!judgement.passes()) {
        return new Advance(done, now.stage(), judgement);
      }
      RegistryEvent event = event(events, state, judgement);
      if (registry.append(event)) {
        done.add(event);
      }
    }
    throw Appending.restless(model, version);
  }

  private static Optional<PromotionStage> next(PromotionStage stage, Automatic automatic) {
    if (stage == PromotionStage.EXPERIMENTAL && automatic != Automatic.NONE) {
      return Optional.of(PromotionStage.STAGING);
    }
    return stage == PromotionStage.STAGING && automatic == Automatic.PRODUCTION
        ? Optional.of(PromotionStage.PRODUCTION)
        : Optional.empty();
  }

  private static RegistryEvent event(MoveEvents events, ModelState state, Judgement judgement) {
    return events.promotion(
        state, judgement.version(), judgement.to(), judgement.evidenceAt(), judgement.decided());
  }

  private static @Nullable SemanticVersion replaced(ModelState state, PromotionStage to) {
    return to == PromotionStage.PRODUCTION
        ? state.champion().map(VersionState::version).orElse(null)
        : null;
  }
}
