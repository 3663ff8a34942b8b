package io.mlpipeline.run;

import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Evidence.Measured;
import io.mlpipeline.registry.Evidence.Subject;
import io.mlpipeline.registry.Fold;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Registered models in memory, and short words for what runs do to them. */
final class MapRegistry implements ModelRegistry {

  static final Instant NOW = Instant.parse("2024-06-01T02:00:00Z");
  static final String MODEL = "churn";

  private final List<RegistryEvent> events = new ArrayList<>();
  private final Map<String, ModelCard> cards = new HashMap<>();
  private ModelState state = ModelState.none(MODEL);
  private @Nullable Runnable meanwhile;

  /** Lets somebody else be faster than the next event. */
  void meanwhile(Runnable work) {
    meanwhile = work;
  }

  @Override
  public List<String> models() {
    return List.of(MODEL);
  }

  @Override
  public synchronized ModelState state(String model) {
    return model.equals(MODEL) ? state : ModelState.none(model);
  }

  @Override
  public synchronized List<RegistryEvent> events(String model) {
    return List.copyOf(events);
  }

  @Override
  public synchronized Optional<RegistryEvent> event(String model, long number) {
    return events.stream().filter(event -> event.number() == number).findFirst();
  }

  @Override
  public boolean append(RegistryEvent event) {
    Runnable first = meanwhile;
    meanwhile = null;
    if (first != null) {
      first.run();
    }
    synchronized (this) {
      if (event.number() <= state.last()) {
        return false;
      }
      state = Fold.add(state, event, "seal-" + event.number());
      events.add(event);
      return true;
    }
  }

  @Override
  public String put(ModelCard card) {
    String seal = "card-" + card.version();
    cards.put(seal, card);
    return seal;
  }

  @Override
  public Optional<ModelCard> findCard(String model, String seal) {
    return Optional.ofNullable(cards.get(seal));
  }

  /** Registers a version whose digest is {@code m1:VERSION}. */
  MapRegistry registered(String version, String author) {
    SemanticVersion number = SemanticVersion.parse(version);
    String digest = "m1:" + version;
    ModelSignature none = null;
    ModelCard card =
        new ModelCard(
            MODEL,
            number,
            "",
            "p",
            "fit",
            digest,
            "u",
            "r1",
            NOW,
            author,
            none,
            null,
            List.of(),
            List.of(),
            new TreeMap<>(),
            new TreeMap<>());
    append(event(RegistryEvent.Kind.REGISTERED, number, author, put(card), null, null));
    return this;
  }

  /** Measures a version beside whatever is in production. */
  MapRegistry evaluated(String version, String metric, double value) {
    return evaluated(
        version, state.champion().map(VersionState::digest).orElse(null), metric, value);
  }

  MapRegistry evaluated(String version, @Nullable String champion, String metric, double value) {
    List<Measured> measured = new ArrayList<>();
    measured.add(new Measured(Subject.CANDIDATE, Evidence.ALL, metric, value, 100, false));
    if (champion != null) {
      measured.add(new Measured(Subject.CHAMPION, Evidence.ALL, metric, 0.5, 100, false));
    }
    Evidence evidence = new Evidence("m1:" + version, champion, "c1:100:ab", measured);
    SemanticVersion number = SemanticVersion.parse(version);
    append(event(RegistryEvent.Kind.EVALUATED, number, "alice", null, evidence, null));
    return this;
  }

  /** Moves a version without asking. */
  MapRegistry moved(RegistryEvent.Kind kind, String version, PromotionStage to) {
    append(event(kind, SemanticVersion.parse(version), "carol", null, null, to));
    return this;
  }

  /** To production through staging, without asking. */
  MapRegistry champion(String version) {
    return moved(RegistryEvent.Kind.PROMOTED, version, PromotionStage.STAGING)
        .moved(RegistryEvent.Kind.PROMOTED, version, PromotionStage.PRODUCTION);
  }

  PromotionStage stage(String version) {
    return state.find(SemanticVersion.parse(version)).orElseThrow().stage();
  }

  RegistryEvent newest() {
    return events.get(events.size() - 1);
  }

  private RegistryEvent event(
      RegistryEvent.Kind kind,
      SemanticVersion version,
      String by,
      @Nullable String card,
      @Nullable Evidence evidence,
      @Nullable PromotionStage to) {
    PromotionStage now = state.find(version).map(VersionState::stage).orElse(null);
    return new RegistryEvent(
        MODEL,
        state.last() + 1,
        kind,
        version,
        "m1:" + version,
        to == null ? null : now,
        to,
        by,
        NOW,
        kind == RegistryEvent.Kind.REJECTED ? "too old" : null,
        null,
        card,
        evidence,
        0,
        List.of(),
        null,
        state.seal());
  }
}
