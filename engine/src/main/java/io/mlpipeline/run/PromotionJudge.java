package io.mlpipeline.run;

import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.PromotionGate;
import io.mlpipeline.model.PromotionGate.Approval;
import io.mlpipeline.model.PromotionGate.Gain;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Evidence.Subject;
import io.mlpipeline.registry.Hindrance;
import io.mlpipeline.registry.Hindrance.Kind;
import io.mlpipeline.registry.Judgement;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.Moves;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.VersionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a version may come further, and what is missing if not: is there such a move, has
 * somebody rejected it, was exactly this content measured beside the champion of now, do all rules
 * hold, has somebody vouched for it. The first that fails is the reason. Changes nothing.
 */
final class PromotionJudge {

  private static final String MEASURE =
      "run the pipeline, which measures it and the champion on one holdout";

  private final ModelRegistry registry;
  private final PromotionRules rules;

  PromotionJudge(ModelRegistry registry, PromotionRules rules) {
    this.registry = registry;
    this.rules = rules;
  }

  Judgement judge(ModelState state, VersionState version, PromotionStage to, ModelPolicy policy) {
    String name = state.model() + "@" + version.version();
    Hindrance none =
        Moves.promotion(name, version, to).or(() -> rejected(state, version)).orElse(null);
    if (none != null) {
      return new Judgement(version, to, null, 0, List.of(), null, none);
    }
    Evidence evidence = evidence(state, version);
    long at = version.evaluated();
    if (evidence == null) {
      String message = "nothing was measured of " + name + " (" + version.digest() + ")";
      Hindrance unmeasured = new Hindrance(Kind.NO_EVIDENCE, message, MEASURE);
      return new Judgement(version, to, null, 0, List.of(), null, unmeasured);
    }
    Hindrance old = old(state, name, evidence);
    if (old != null) {
      return new Judgement(version, to, evidence, at, List.of(), null, old);
    }
    boolean hasChampion = state.champion().isPresent();
    Evidence judged = hasChampion ? evidence : evidence.withoutChampion();
    PromotionGate gate = to == PromotionStage.PRODUCTION ? policy.production() : policy.staging();
    List<Decided> decided = decide(gate, judged);
    String approver = approver(gate.approval(), version);
    Hindrance hindrance = hindrance(name, gate, version, to, decided, approver);
    return new Judgement(version, to, judged, at, decided, approver, hindrance);
  }

  private Optional<Hindrance> rejected(ModelState state, VersionState version) {
    if (!version.isRejected()) {
      return Optional.empty();
    }
    String who = " was rejected";
    for (RegistryEvent event : registry.events(state.model())) {
      if (event.kind() == RegistryEvent.Kind.REJECTED
          && event.version().equals(version.version())) {
        who = " was rejected by " + event.by() + ": " + event.reason();
      }
    }
    String name = state.model() + "@" + version.version();
    return Optional.of(
        new Hindrance(
            Kind.REJECTED,
            name + who,
            "somebody other than its author can take that back: mlpipeline models approve "
                + name
                + " --reason ..."));
  }

  private @Nullable Evidence evidence(ModelState state, VersionState version) {
    return version.evaluated() == 0
        ? null
        : registry
            .event(state.model(), version.evaluated())
            .map(RegistryEvent::evidence)
            .filter(evidence -> evidence.digest().equals(version.digest()))
            .filter(evidence -> !evidence.measured().isEmpty())
            .orElse(null);
  }

  /** What was measured beside another champion says nothing about this one. */
  private static @Nullable Hindrance old(ModelState state, String name, Evidence evidence) {
    VersionState champion = state.champion().orElse(null);
    String beside = evidence.champion();
    if (champion == null || champion.digest().equals(beside)) {
      return null;
    }
    String then =
        beside == null
            ? "without a champion"
            : "beside "
                + state
                    .findDigest(beside)
                    .map(other -> state.model() + "@" + other.version())
                    .orElse(beside);
    return new Hindrance(
        Kind.OLD_EVIDENCE,
        name
            + " was measured "
            + then
            + ", and "
            + state.model()
            + "@"
            + champion.version()
            + " is the champion now",
        "evaluate again: " + MEASURE);
  }

  private List<Decided> decide(PromotionGate gate, Evidence evidence) {
    List<Decided> decided = new ArrayList<>();
    if (!gate.require().isEmpty()) {
      decided.addAll(rules.decide(gate.require(), evidence));
    }
    Gain gain = gate.gain();
    if (gain != null && evidence.champion() != null) {
      decided.add(decide(gain, evidence));
    }
    return decided;
  }

  private static Decided decide(Gain gain, Evidence evidence) {
    SortedMap<String, Double> measured = evidence.metrics(Subject.CANDIDATE, Evidence.ALL);
    SortedMap<String, Double> observed = new TreeMap<>();
    for (String end : List.of("_gain", "_gain_low", "_gain_high")) {
      Double value = measured.get(gain.metric() + end);
      if (value != null && Double.isFinite(value)) {
        observed.put("candidate." + gain.metric() + end, value);
      }
    }
    Double low = observed.get("candidate." + gain.metric() + "_gain_low");
    String text = "gain " + gain.metric() + " >= " + plain(gain.atLeast());
    if (low == null) {
      String near = Suggestions.didYouMean(gain.metric() + "_gain_low", measured.keySet());
      String why = "candidate." + gain.metric() + "_gain_low was not measured";
      return new Decided(text, false, near == null ? why : why + " (" + near + ")", observed);
    }
    boolean passed = low >= gain.atLeast();
    String why = "the gain over the champion may be as low as " + plain(low);
    return new Decided(text, passed, passed ? null : why, observed);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static @Nullable String approver(Approval approval, VersionState version) {
    return switch (approval) {
      case NONE -> null;
      case ANYONE -> version.approvals().stream().findFirst().orElse(null);
      case OTHER -> version.approver().orElse(null);
    };
  }

  private static @Nullable Hindrance hindrance(
      String name,
      PromotionGate gate,
      VersionState version,
      PromotionStage to,
      List<Decided> decided,
      @Nullable String approver) {
    List<Decided> failed = decided.stream().filter(one -> !one.passed()).toList();
    if (!failed.isEmpty()) {
      String first = "`" + failed.get(0).rule() + "`: " + failed.get(0).message();
      String more = failed.size() == 1 ? "" : ", and " + (failed.size() - 1) + " more";
      return new Hindrance(
          Kind.RULES,
          name + " does not keep the rules for " + to.word() + ": " + first + more,
          "nothing was changed");
    }
    if (gate.approval() == Approval.NONE || approver != null) {
      return null;
    }
    String who =
        gate.approval() == Approval.OTHER
            ? "somebody other than " + version.author() + ", its author"
            : "somebody";
    return new Hindrance(
        Kind.APPROVAL,
        name + " keeps every rule for " + to.word() + " and waits for approval by " + who,
        "mlpipeline models approve " + name + " --reason ...");
  }
}
