package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.Registered;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionRule;
import io.mlpipeline.registry.VersionState;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes models versions of registered models, and keeps what was measured of them. A content that
 * is a version already stays that version, so a run that is repeated, or was killed in between,
 * adds what is missing and nothing else.
 */
final class Registrar {

  /** Others may register at the same time; somebody wins every round. */
  private static final int MOST_ROUNDS = 100;

  private final ModelRegistry registry;
  private final InstantSource clock;
  private final RunContext run;

  Registrar(ModelRegistry registry, InstantSource clock, RunContext run) {
    this.registry = registry;
    this.clock = clock;
    this.run = run;
  }

  /**
   * What became of one registration.
   *
   * @param output the version as an output of the step
   * @param state the model after it
   * @param version the version
   * @param news what happened, in words; empty if all of it was known
   */
  record Done(OutputVersion output, ModelState state, VersionState version, List<String> news) {}

  /** Registers the model unless its content is a version, then keeps its evidence. */
  Done register(Registered wanted, Ancestry ancestry) {
    String model = wanted.name();
    String digest = wanted.manifest().digest();
    List<String> news = new java.util.ArrayList<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      ModelState state = registry.state(model);
      VersionState version = state.findDigest(digest).orElse(null);
      if (version == null) {
        ModelCard card = card(state, wanted, ancestry);
        if (registry.append(registered(state, card))) {
          news.add("registered " + model + "@" + card.version() + " (" + card.change() + ")");
        }
      } else if (wanted.evidence() != null && !isKnown(model, version, wanted.evidence())) {
        registry.append(evaluated(state, version, wanted.evidence()));
      } else {
        return new Done(output(wanted, version), state, version, news);
      }
    }
    throw new EngineException(
        ErrorType.PUBLISH_CONFLICT,
        "model " + model + " could not be registered: others register it without a pause");
  }

  private boolean isKnown(String model, VersionState version, Evidence evidence) {
    return version.evaluated() > 0
        && registry
            .event(model, version.evaluated())
            .map(RegistryEvent::evidence)
            .filter(evidence::equals)
            .isPresent();
  }

  private ModelCard card(ModelState state, Registered wanted, Ancestry ancestry) {
    ModelCard fresh = fresh(wanted, ancestry);
    VersionState newest = state.newest().orElse(null);
    if (newest == null) {
      return VersionRule.first(fresh);
    }
    SemanticVersion highest =
        state.versions().stream().map(VersionState::version).max(SemanticVersion::compareTo).get();
    Optional<ModelCard> last = registry.findCard(state.model(), newest.card());
    return VersionRule.next(
        highest,
        last.orElseThrow(
            () ->
                new EngineException(
                    ErrorType.STORAGE_CORRUPT,
                    "the card of " + state.model() + "@" + newest.version() + " is gone")),
        fresh);
  }

  private ModelCard fresh(Registered wanted, Ancestry ancestry) {
    ModelManifest manifest = wanted.manifest();
    List<ReceiptStep> steps = ancestry.of(manifest.name(), manifest.digest());
    ModelCard card =
        new ModelCard(
            wanted.name(),
            SemanticVersion.FIRST,
            "",
            manifest.pipeline(),
            manifest.name(),
            manifest.digest(),
            manifest.uri(),
            run.id().value(),
            clock.instant(),
            user(),
            manifest.signature(),
            null,
            steps,
            ancestry.sourcesOf(steps),
            run.facts(),
            run.config());
    return card.training().flatMap(ReceiptStep::trainingTable).map(card::trainedOn).orElse(card);
  }

  private String user() {
    return run.facts().getOrDefault("user", "unknown");
  }

  private RegistryEvent registered(ModelState state, ModelCard card) {
    return event(
        state,
        RegistryEvent.Kind.REGISTERED,
        card.version(),
        card.digest(),
        card.change(),
        registry.put(card),
        null);
  }

  private RegistryEvent evaluated(ModelState state, VersionState version, Evidence evidence) {
    return event(
        state,
        RegistryEvent.Kind.EVALUATED,
        version.version(),
        version.digest(),
        null,
        null,
        evidence);
  }

  private RegistryEvent event(
      ModelState state,
      RegistryEvent.Kind kind,
      SemanticVersion version,
      String digest,
      @Nullable String reason,
      @Nullable String card,
      @Nullable Evidence evidence) {
    return new RegistryEvent(
        state.model(),
        state.last() + 1,
        kind,
        version,
        digest,
        null,
        card == null ? null : PromotionStage.EXPERIMENTAL,
        user(),
        clock.instant(),
        reason,
        run.id().value(),
        card,
        evidence,
        0,
        List.of(),
        null,
        state.seal());
  }

  private static OutputVersion output(Registered wanted, VersionState version) {
    return new OutputVersion(
        OutputKind.REGISTRATION,
        wanted.port(),
        wanted.name(),
        "_ml/registry/" + wanted.name(),
        version.registered(),
        version.digest(),
        null,
        0,
        0,
        null);
  }
}
