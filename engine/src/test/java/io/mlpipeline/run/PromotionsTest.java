package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.ModelPolicy.Automatic;
import io.mlpipeline.model.PromotionGate;
import io.mlpipeline.model.PromotionGate.Approval;
import io.mlpipeline.model.PromotionGate.Gain;
import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.Evidence.Subject;
import io.mlpipeline.registry.Hindrance.Kind;
import io.mlpipeline.registry.Judgement;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.run.Promotions.Advance;
import io.mlpipeline.run.Promotions.Promoted;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromotionsTest {

  private static final PromotionStage STAGING = PromotionStage.STAGING;
  private static final PromotionStage PRODUCTION = PromotionStage.PRODUCTION;
  private static final InstantSource CLOCK = InstantSource.fixed(MapRegistry.NOW);

  private final MapRegistry registry = new MapRegistry();
  private final List<Evidence> asked = new ArrayList<>();

  /** A rule's text is the least auc that it takes. */
  private final PromotionRules rules =
      (all, evidence) -> {
        asked.add(evidence);
        ToDoubleFunction<PromotionRule> least = rule -> Double.parseDouble(rule.text());
        double auc =
            Objects.requireNonNull(evidence.metrics(Subject.CANDIDATE, Evidence.ALL).get("auc"));
        return all.stream()
            .map(
                rule -> {
                  boolean passed = auc >= least.applyAsDouble(rule);
                  return new Decided(
                      rule.text(), passed, passed ? null : "it is false", observed(auc));
                })
            .toList();
      };

  private final Promotions promotions = new Promotions(registry, rules, CLOCK);

  private static TreeMap<String, Double> observed(double auc) {
    TreeMap<String, Double> observed = new TreeMap<>();
    observed.put("candidate.auc", auc);
    return observed;
  }

  private static MoveRequest by(String who, String version) {
    return new MoveRequest("churn", SemanticVersion.parse(version), who, "looks good");
  }

  private static PromotionGate gate(String least, @Nullable Gain gain, Approval approval) {
    return new PromotionGate(
        List.of(new PromotionRule(least, SourceLocation.UNKNOWN)), gain, approval);
  }

  private static ModelPolicy policy(PromotionGate staging, PromotionGate production) {
    return new ModelPolicy("churn", staging, production, Automatic.NONE, SourceLocation.UNKNOWN);
  }

  private static final ModelPolicy OPEN = ModelPolicy.open("churn");
  private static final ModelPolicy STRICT =
      policy(gate("0.7", null, Approval.NONE), gate("0.7", null, Approval.OTHER));

  private static ModelPolicy automatic(Automatic how) {
    return new ModelPolicy(
        "churn", STRICT.staging(), STRICT.production(), how, SourceLocation.UNKNOWN);
  }

  private static void refused(ThrowingCallable call, ErrorType type, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContainingAll(parts);
  }

  @Test
  void promotesWhatKeepsTheRulesAndRecordsWhoWhyAndByWhat() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);

    Promoted promoted = promotions.promote(by("bob", "1.0.0"), STAGING, STRICT);

    RegistryEvent event = registry.newest();
    assertThat(promoted.event()).isEqualTo(event);
    assertThat(event.kind()).isEqualTo(RegistryEvent.Kind.PROMOTED);
    assertThat(event.from()).isEqualTo(PromotionStage.EXPERIMENTAL);
    assertThat(event.to()).isEqualTo(STAGING);
    assertThat(event.by()).isEqualTo("bob");
    assertThat(event.reason()).isEqualTo("looks good");
    assertThat(event.evidenceAt()).isEqualTo(2);
    assertThat(event.decided()).containsExactly(new Decided("0.7", true, null, observed(0.8)));
    assertThat(registry.stage("1.0.0")).isEqualTo(STAGING);
  }

  @Test
  void refusesByTheRuleThatDoesNotHold() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.6);

    refused(
        () -> promotions.promote(by("bob", "1.0.0"), STAGING, STRICT),
        ErrorType.PROMOTION_REFUSED,
        "churn@1.0.0 does not keep the rules for staging",
        "`0.7`: it is false");
    assertThat(registry.stage("1.0.0")).isEqualTo(PromotionStage.EXPERIMENTAL);
  }

  @Test
  void needsEvidenceEvenWithoutAnyRule() {
    registry.registered("1.0.0", "alice");

    refused(
        () -> promotions.promote(by("bob", "1.0.0"), STAGING, OPEN),
        ErrorType.PROMOTION_REFUSED,
        "nothing was measured of churn@1.0.0 (m1:1.0.0)");

    registry.evaluated("1.0.0", "auc", 0.1);
    promotions.promote(by("bob", "1.0.0"), STAGING, OPEN);
    assertThat(asked).isEmpty();
    assertThat(registry.newest().decided()).isEmpty();
  }

  @Test
  void needsEvidenceBesideTheChampionOfNow() {
    registry.registered("1.0.0", "alice").registered("1.1.0", "alice").registered("1.2.0", "alice");
    registry.evaluated("1.2.0", "auc", 0.9).champion("1.0.0");

    refused(
        () -> promotions.promote(by("bob", "1.2.0"), STAGING, STRICT),
        ErrorType.PROMOTION_REFUSED,
        "churn@1.2.0 was measured without a champion, and churn@1.0.0 is the champion now",
        "evaluate again");

    registry.evaluated("1.2.0", "auc", 0.9).champion("1.1.0");
    refused(
        () -> promotions.promote(by("bob", "1.2.0"), STAGING, STRICT),
        ErrorType.PROMOTION_REFUSED,
        "churn@1.2.0 was measured beside churn@1.0.0, and churn@1.1.0 is the champion now");
    assertThat(asked).isEmpty();

    registry.evaluated("1.2.0", "auc", 0.9);
    promotions.promote(by("bob", "1.2.0"), STAGING, STRICT);
    assertThat(asked).hasSize(1);
  }

  @Test
  void forgetsAChampionThatIsNoneAnyMore() {
    registry.registered("1.0.0", "alice").registered("1.1.0", "alice").champion("1.0.0");
    registry.evaluated("1.1.0", "auc", 0.9);
    registry.moved(RegistryEvent.Kind.DEMOTED, "1.0.0", PromotionStage.EXPERIMENTAL);

    promotions.promote(by("bob", "1.1.0"), STAGING, STRICT);

    assertThat(asked.get(0).champion()).isNull();
    assertThat(asked.get(0).metrics(Subject.CHAMPION, Evidence.ALL)).isEmpty();
  }

  @Test
  void hasNoShortcutToProduction() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.9);

    refused(
        () -> promotions.promote(by("bob", "1.0.0"), PRODUCTION, OPEN),
        ErrorType.CONFIG_INVALID,
        "churn@1.0.0 is experimental, and only what is in staging comes to production",
        "promote it to staging first");
  }

  @Test
  void archivesTheChampionThatIsReplaced() {
    registry.registered("1.0.0", "alice").registered("1.1.0", "alice").champion("1.0.0");
    registry.evaluated("1.1.0", "auc", 0.9);
    promotions.promote(by("bob", "1.1.0"), STAGING, OPEN);

    Promoted promoted = promotions.promote(by("bob", "1.1.0"), PRODUCTION, OPEN);

    assertThat(promoted.replaced()).isEqualTo(SemanticVersion.FIRST);
    assertThat(registry.stage("1.0.0")).isEqualTo(PromotionStage.ARCHIVED);
    assertThat(registry.state("churn").at(PRODUCTION)).hasSize(1);
  }

  @Test
  void asksForAGainThatIsSurelyNotWorse() {
    ModelPolicy gaining =
        policy(
            new PromotionGate(List.of(), new Gain("auc", -0.01), Approval.NONE),
            PromotionGate.OPEN);
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);
    promotions.promote(by("bob", "1.0.0"), STAGING, gaining); // without a champion it is not asked
    promotions.promote(by("bob", "1.0.0"), PRODUCTION, gaining);
    registry.registered("1.1.0", "alice").evaluated("1.1.0", "auc", 0.9);

    refused(
        () -> promotions.promote(by("bob", "1.1.0"), STAGING, gaining),
        ErrorType.PROMOTION_REFUSED,
        "`gain auc >= -0.01`: candidate.auc_gain_low was not measured");

    registry.evaluated("1.1.0", "auc_gain_low", -0.02);
    refused(
        () -> promotions.promote(by("bob", "1.1.0"), STAGING, gaining),
        ErrorType.PROMOTION_REFUSED,
        "the gain over the champion may be as low as -0.02");

    registry.evaluated("1.1.0", "auc_gain_low", -0.01);
    promotions.promote(by("bob", "1.1.0"), STAGING, gaining);
    assertThat(registry.newest().decided().get(0).observed())
        .containsEntry("candidate.auc_gain_low", -0.01);

    registry.registered("1.2.0", "alice").evaluated("1.2.0", "auc_gain_low", Double.NaN);
    refused(
        () -> promotions.promote(by("bob", "1.2.0"), STAGING, gaining),
        ErrorType.PROMOTION_REFUSED,
        "candidate.auc_gain_low was not measured");
  }

  @Test
  void waitsForSomebodyOtherThanTheAuthor() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);
    promotions.promote(by("alice", "1.0.0"), STAGING, STRICT);
    Verdicts verdicts = new Verdicts(registry, CLOCK);

    refused(
        () -> promotions.promote(by("alice", "1.0.0"), PRODUCTION, STRICT),
        ErrorType.APPROVAL_MISSING,
        "waits for approval by somebody other than alice, its author",
        "mlpipeline models approve churn@1.0.0 --reason");
    assertThat(ErrorType.APPROVAL_MISSING.category().exitCode()).isEqualTo(6);

    verdicts.approve(by("bob", "1.0.0"), () -> STRICT);
    Judgement judgement = promotions.judge(by("alice", "1.0.0"), PRODUCTION, STRICT);
    assertThat(judgement.passes()).isTrue();
    assertThat(judgement.approver()).isEqualTo("bob");
    promotions.promote(by("alice", "1.0.0"), PRODUCTION, STRICT);
  }

  @Test
  void doesNotAskForApprovalOfWhatBreaksRules() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.6);
    registry.moved(RegistryEvent.Kind.PROMOTED, "1.0.0", STAGING);

    Judgement judgement = promotions.judge(by("bob", "1.0.0"), PRODUCTION, STRICT);

    assertThat(Objects.requireNonNull(judgement.hindrance()).kind()).isEqualTo(Kind.RULES);
    assertThat(judgement.waits()).isFalse();
  }

  @Test
  void tellsTheLoserWhoDidWhat() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);
    registry.meanwhile(() -> promotions.promote(by("carol", "1.0.0"), STAGING, STRICT));

    refused(
        () -> promotions.promote(by("bob", "1.0.0"), STAGING, STRICT),
        ErrorType.MODEL_CONFLICT,
        "nothing was done to churn@1.0.0: meanwhile carol promoted churn@1.0.0 to staging"
            + " (event 3)");
    assertThat(ErrorType.MODEL_CONFLICT.category().exitCode()).isEqualTo(7);
    assertThat(registry.newest().by()).isEqualTo("carol");
  }

  @Test
  void tellsTheLoserOfTwoChampions() {
    for (String version : List.of("1.0.0", "1.1.0")) {
      registry.registered(version, "alice").evaluated(version, "auc", 0.8);
      promotions.promote(by("bob", version), STAGING, OPEN);
    }
    registry.meanwhile(() -> promotions.promote(by("carol", "1.1.0"), PRODUCTION, OPEN));

    refused(
        () -> promotions.promote(by("bob", "1.0.0"), PRODUCTION, OPEN),
        ErrorType.MODEL_CONFLICT,
        "meanwhile carol promoted churn@1.1.0 to production");
    assertThat(registry.stage("1.0.0")).isEqualTo(STAGING);
  }

  @Test
  void decidesAgainWhereTheOtherEventHasNothingToDoWithIt() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);
    registry.meanwhile(() -> registry.registered("1.1.0", "dave"));

    promotions.promote(by("bob", "1.0.0"), STAGING, STRICT);

    assertThat(registry.stage("1.0.0")).isEqualTo(STAGING);
    assertThat(asked).hasSize(2);
  }

  @Test
  void oneOfManyPromotersAtOnceWinsProduction() throws Exception {
    int many = 8;
    for (int i = 0; i < many; i++) {
      registry.registered("1." + i + ".0", "alice").evaluated("1." + i + ".0", "auc", 0.8);
    }
    ExecutorService pool = Executors.newFixedThreadPool(many);
    CountDownLatch together = new CountDownLatch(many);
    List<Future<String>> ends = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      String version = "1." + i + ".0";
      ends.add(
          pool.submit(
              () -> {
                Promotions own = new Promotions(registry, rules, CLOCK);
                own.promote(by("bob", version), STAGING, OPEN);
                together.countDown();
                together.await();
                try {
                  own.promote(by("bob", version), PRODUCTION, OPEN);
                  return "won";
                } catch (EngineException e) {
                  return e.type().code();
                }
              }));
    }
    List<String> results = new ArrayList<>();
    for (Future<String> end : ends) {
      results.add(end.get());
    }
    pool.shutdown();

    // Who comes later than the winner is told that it was not measured beside that champion.
    assertThat(results).contains("won").containsOnlyOnce("won");
    assertThat(results).isSubsetOf("won", "model-conflict", "promotion-refused");
    assertThat(registry.state("churn").at(PRODUCTION)).hasSize(1);
    assertThat(registry.events("churn")).hasSize(2 * many + many + 1);
  }

  @Test
  void aRunMovesNothingByItselfUnlessConfigSaysSo() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);

    Advance advance = promotions.advance("churn", SemanticVersion.FIRST, STRICT, "r1");

    assertThat(advance).isEqualTo(new Advance(List.of(), PromotionStage.EXPERIMENTAL, null));
    assertThat(advance.news()).isEmpty();
  }

  @Test
  void aRunComesAsFarAsConfigAndRulesLetIt() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);

    Advance advance =
        promotions.advance("churn", SemanticVersion.FIRST, automatic(Automatic.PRODUCTION), "r1");

    assertThat(advance.stage()).isEqualTo(STAGING);
    assertThat(advance.events()).hasSize(1);
    assertThat(registry.newest().by()).isEqualTo("run r1");
    assertThat(registry.newest().run()).isEqualTo("r1");
    assertThat(Objects.requireNonNull(advance.stopped()).waits()).isTrue();
    assertThat(advance.news())
        .containsExactly(
            "promoted churn@1.0.0 to staging",
            "not promoted to production: churn@1.0.0 keeps every rule for production and waits for"
                + " approval by somebody other than alice, its author (mlpipeline models approve"
                + " churn@1.0.0 --reason ...)");
  }

  @Test
  void aRunSaysWhichRuleStoppedIt() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.6);

    Advance advance =
        promotions.advance("churn", SemanticVersion.FIRST, automatic(Automatic.STAGING), "r1");

    assertThat(advance.events()).isEmpty();
    assertThat(advance.news().get(0)).contains("not promoted to staging", "`0.7`: it is false");
  }

  @Test
  void aRunThatIsOvertakenJudgesAgain() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);
    registry.meanwhile(() -> new Verdicts(registry, CLOCK).reject(by("carol", "1.0.0")));

    Advance advance =
        promotions.advance("churn", SemanticVersion.FIRST, automatic(Automatic.STAGING), "r1");

    assertThat(advance.events()).isEmpty();
    assertThat(advance.news().get(0))
        .startsWith("not promoted to staging: churn@1.0.0 was rejected by carol: looks good");
  }

  @Test
  void aRunLeavesAloneWhatIsThereOrOutOfUse() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8).champion("1.0.0");
    ModelPolicy all = automatic(Automatic.PRODUCTION);
    assertThat(promotions.advance("churn", SemanticVersion.FIRST, all, "r1").events()).isEmpty();

    registry.registered("1.1.0", "alice").evaluated("1.1.0", "auc", 0.8);
    registry.moved(RegistryEvent.Kind.ARCHIVED, "1.1.0", PromotionStage.ARCHIVED);
    Advance advance = promotions.advance("churn", SemanticVersion.parse("1.1.0"), all, "r1");
    assertThat(advance.events()).isEmpty();
    assertThat(advance.stage()).isEqualTo(PromotionStage.ARCHIVED);
  }

  @Test
  void namesTheVersionsThatThereAre() {
    registry.registered("1.0.0", "alice");

    refused(
        () -> promotions.promote(by("bob", "1.0.1"), STAGING, OPEN),
        ErrorType.CONFIG_INVALID,
        "there is no churn@1.0.1",
        "did you mean '1.0.0'?");
    refused(
        () ->
            promotions.promote(
                new MoveRequest("chrun", SemanticVersion.FIRST, "bob", null), STAGING, OPEN),
        ErrorType.CONFIG_INVALID,
        "there is no registered model chrun");
  }
}
