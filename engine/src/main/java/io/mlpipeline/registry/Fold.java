package io.mlpipeline.registry;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Adds events to a state, one by one; refuses a history that cannot be. Each costs the same however
 * many versions there are. For one thread.
 */
public final class Fold {

  private final String model;
  private final Map<SemanticVersion, VersionState> versions = new LinkedHashMap<>();
  private final Set<SemanticVersion> production = new TreeSet<>();
  private long last;
  private String seal;

  private Fold(ModelState start) {
    this.model = start.model();
    this.last = start.last();
    this.seal = start.seal();
    start.versions().forEach(this::put);
  }

  /** A fold that goes on from a state. */
  public static Fold from(ModelState start) {
    return new Fold(start);
  }

  /** The state after one more event; throws as {@link #next} does. */
  public static ModelState add(ModelState state, RegistryEvent event, String seal) {
    return from(state).next(event, seal).state();
  }

  /** The state after the events so far. */
  public ModelState state() {
    return new ModelState(model, last, seal, List.copyOf(versions.values()));
  }

  /** The number of the last event so far; 0 if there is none. */
  public long last() {
    return last;
  }

  /**
   * Adds one more event.
   *
   * @param itsSeal the event's own seal
   * @throws EngineException {@code STORAGE_CORRUPT} if the event does not follow: a number is
   *     missing, the seal before it is another, or it moves a version from where it is not; nothing
   *     was added then
   */
  public Fold next(RegistryEvent event, String itsSeal) {
    if (event.number() != last + 1 || !event.model().equals(model)) {
      throw corrupt(event, "it does not follow event " + last);
    }
    if (!event.previous().equals(seal)) {
      throw corrupt(event, "the event before it was altered: its seal is another");
    }
    switch (event.kind()) {
      case REGISTERED -> register(event);
      case EVALUATED -> put(known(event).evaluatedAt(event.number()));
      case APPROVED, REJECTED -> judge(event);
      case PROMOTED, DEMOTED, ROLLED_BACK, ARCHIVED -> move(event);
      case REMOVED -> remove(event);
    }
    last = event.number();
    seal = itsSeal;
    return this;
  }

  private void put(VersionState version) {
    versions.put(version.version(), version);
    if (version.stage() == PromotionStage.PRODUCTION) {
      production.add(version.version());
    } else {
      production.remove(version.version());
    }
  }

  private void register(RegistryEvent event) {
    if (versions.containsKey(event.version())) {
      throw corrupt(event, "version " + event.version() + " exists already");
    }
    put(
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
            false,
            0));
  }

  private void judge(RegistryEvent event) {
    VersionState version = known(event);
    boolean approves = event.kind() == RegistryEvent.Kind.APPROVED;
    List<String> by = approves ? new ArrayList<>(version.approvals()) : new ArrayList<>();
    if (approves) {
      by.add(event.by());
    }
    put(version.judged(by, !approves));
  }

  /** Whoever comes to production takes the place of the one that is there. */
  private void move(RegistryEvent event) {
    VersionState version = known(event);
    PromotionStage to = Objects.requireNonNull(event.to());
    if (event.from() != version.stage()) {
      throw corrupt(event, version.version() + " is not " + word(event.from()));
    }
    if (version.isRemoved() && to != PromotionStage.ARCHIVED) {
      throw corrupt(event, "the files of " + version.version() + " are removed");
    }
    if (to == PromotionStage.PRODUCTION) {
      for (SemanticVersion champion : List.copyOf(production)) {
        put(replaced(Objects.requireNonNull(versions.get(champion)), event));
      }
    }
    put(version.at(to, event.at(), event.number()));
  }

  private void remove(RegistryEvent event) {
    VersionState version = known(event);
    boolean isInUse =
        version.stage() == PromotionStage.STAGING || version.stage() == PromotionStage.PRODUCTION;
    if (isInUse || version.isRemoved()) {
      throw corrupt(event, version.version() + (isInUse ? " is in use" : " is removed already"));
    }
    put(version.removedAt(event.number()));
  }

  /** A champion that is replaced is archived; a rollback finds it there. */
  private static VersionState replaced(VersionState champion, RegistryEvent event) {
    return champion.at(PromotionStage.ARCHIVED, event.at(), event.number());
  }

  private static String word(@Nullable PromotionStage stage) {
    return stage == null ? "anywhere" : stage.word();
  }

  private VersionState known(RegistryEvent event) {
    VersionState version = versions.get(event.version());
    if (version == null || !version.digest().equals(event.digest())) {
      throw corrupt(event, "there is no version " + event.version() + " of it");
    }
    return version;
  }

  private static EngineException corrupt(RegistryEvent event, String why) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "event " + event.number() + " of model " + event.model() + " cannot be: " + why);
  }
}
