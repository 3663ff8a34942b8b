package io.mlpipeline.testkit;

import io.mlpipeline.model.LineageInput;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the history of one model, event by event, an hour between two from 2024-03-01. Content
 * digests are made of versions, so that every version has its own.
 */
public final class ModelHistory {

  /** When the event of number 1 is. */
  public static final Instant START = Instant.parse("2024-03-01T00:00:00Z");

  private final ModelRegistry registry;
  private final String model;

  public ModelHistory(ModelRegistry registry, String model) {
    this.registry = registry;
    this.model = model;
  }

  public static Instant at(long number) {
    return START.plusSeconds(3600 * (number - 1));
  }

  public static String digest(String version) {
    return "m1:" + String.format("%64s", version.replace(".", "0")).replace(' ', '0');
  }

  /** The card of a version without any step. */
  public static ModelCard card(String model, String version) {
    return new ModelCard(
        model,
        SemanticVersion.parse(version),
        "the first version",
        "churn",
        model,
        digest(version),
        "churn/_models/" + model,
        "r20240301-000000-aaaaaa",
        START,
        "ann",
        null,
        null,
        List.of(),
        List.of(),
        new TreeMap<>(Map.of("git-commit", "abc")),
        new TreeMap<>());
  }

  /** The event that would come next. */
  public RegistryEvent next(
      RegistryEvent.Kind kind, String version, @Nullable PromotionStage to, String by) {
    ModelState state = registry.state(model);
    SemanticVersion which = SemanticVersion.parse(version);
    boolean registers = kind == RegistryEvent.Kind.REGISTERED;
    PromotionStage from = state.find(which).map(VersionState::stage).orElse(null);
    return new RegistryEvent(
        model,
        state.last() + 1,
        kind,
        which,
        digest(version),
        to == null || registers ? null : from,
        to,
        by,
        at(state.last() + 1),
        null,
        null,
        registers ? registry.put(card(model, version)) : null,
        null,
        0,
        List.of(),
        null,
        state.seal());
  }

  public ModelHistory registered(String version, String by) {
    return append(next(RegistryEvent.Kind.REGISTERED, version, PromotionStage.EXPERIMENTAL, by));
  }

  /** Registered with the table that it learned from. */
  public ModelHistory registered(String version, LineageInput trainedOn, String by) {
    RegistryEvent e = next(RegistryEvent.Kind.REGISTERED, version, PromotionStage.EXPERIMENTAL, by);
    String card = registry.put(card(model, version).trainedOn(trainedOn));
    return append(
        new RegistryEvent(
            e.model(),
            e.number(),
            e.kind(),
            e.version(),
            e.digest(),
            e.from(),
            e.to(),
            e.by(),
            e.at(),
            e.reason(),
            e.run(),
            card,
            e.evidence(),
            0,
            e.decided(),
            e.restored(),
            e.previous()));
  }

  public ModelHistory approved(String version, String by) {
    return append(next(RegistryEvent.Kind.APPROVED, version, null, by));
  }

  /** Moved up with one gate that passed, judged by the newest evidence. */
  public ModelHistory promoted(String version, PromotionStage to, String by) {
    RegistryEvent plain = next(RegistryEvent.Kind.PROMOTED, version, to, by);
    long evidence = registry.state(model).find(plain.version()).orElseThrow().evaluated();
    Decided gate =
        new Decided(
            "candidate.auc_roc >= 0.75",
            true,
            null,
            new TreeMap<>(Map.of("candidate.auc_roc", 0.84)));
    return append(with(plain, null, evidence, evidence == 0 ? List.of() : List.of(gate)));
  }

  /** Measured without a champion: {@code auc_roc} on all rows. */
  public ModelHistory evaluated(String version, double auc, String by) {
    RegistryEvent plain = next(RegistryEvent.Kind.EVALUATED, version, null, by);
    Evidence.Measured all =
        new Evidence.Measured(
            Evidence.Subject.CANDIDATE, Evidence.ALL, "auc_roc", auc, 1400, false);
    Evidence.Measured slice =
        new Evidence.Measured(
            Evidence.Subject.CANDIDATE, "gender=Female", "auc_roc", auc - 0.01, 700, false);
    Evidence evidence = new Evidence(digest(version), null, "c1:1400:00", List.of(all, slice));
    return append(with(plain, evidence, 0, List.of()));
  }

  public ModelHistory append(RegistryEvent event) {
    if (!registry.append(event)) {
      throw new IllegalStateException("event " + event.number() + " exists already");
    }
    return this;
  }

  private static RegistryEvent with(
      RegistryEvent e, @Nullable Evidence evidence, long evidenceAt, List<Decided> decided) {
    return new RegistryEvent(
        e.model(),
        e.number(),
        e.kind(),
        e.version(),
        e.digest(),
        e.from(),
        e.to(),
        e.by(),
        e.at(),
        e.reason(),
        e.run(),
        e.card(),
        evidence,
        evidenceAt,
        decided,
        e.restored(),
        e.previous());
  }
}
