package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.ModelPolicy.Automatic;
import io.mlpipeline.model.PromotionGate;
import io.mlpipeline.model.PromotionGate.Approval;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VerdictsTest {

  private static final InstantSource CLOCK = InstantSource.fixed(MapRegistry.NOW);
  private static final ModelPolicy OPEN = ModelPolicy.open("churn");

  private final MapRegistry registry = new MapRegistry();
  private final Verdicts verdicts = new Verdicts(registry, CLOCK);
  private final Promotions promotions =
      new Promotions(registry, (rules, evidence) -> List.of(), CLOCK);

  private static MoveRequest by(String who, String version) {
    return new MoveRequest("churn", SemanticVersion.parse(version), who, "because");
  }

  private VersionState version(String version) {
    return registry.state("churn").find(SemanticVersion.parse(version)).orElseThrow();
  }

  private static void refused(ThrowingCallable call, ErrorType type, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContainingAll(parts);
  }

  private static ModelPolicy approval(Approval staging, Approval production) {
    return new ModelPolicy(
        "churn",
        new PromotionGate(List.of(), null, staging),
        new PromotionGate(List.of(), null, production),
        Automatic.NONE,
        SourceLocation.UNKNOWN);
  }

  @Test
  void recordsWhoVouchesAndWhy() {
    registry.registered("1.0.0", "alice");

    RegistryEvent event = verdicts.approve(by("bob", "1.0.0"), () -> OPEN);

    assertThat(event).isEqualTo(registry.newest());
    assertThat(event.kind()).isEqualTo(RegistryEvent.Kind.APPROVED);
    assertThat(event.by()).isEqualTo("bob");
    assertThat(event.reason()).isEqualTo("because");
    assertThat(event.at()).isEqualTo(MapRegistry.NOW);
    assertThat(event.from()).isNull();
    assertThat(version("1.0.0").approver()).contains("bob");
    refused(
        () -> verdicts.approve(by("bob", "1.0.0"), () -> OPEN),
        ErrorType.CONFIG_INVALID,
        "bob has approved churn@1.0.0 already");
  }

  @Test
  void doesNotTakeTheAuthorsOwnApproval() {
    registry.registered("1.0.0", "alice");

    refused(
        () -> verdicts.approve(by("alice", "1.0.0"), () -> OPEN),
        ErrorType.APPROVAL_MISSING,
        "alice is the author of churn@1.0.0 and cannot vouch for it");
    refused(
        () ->
            verdicts.approve(by("alice", "1.0.0"), () -> approval(Approval.OTHER, Approval.ANYONE)),
        ErrorType.APPROVAL_MISSING,
        "cannot vouch for it");
    assertThat(version("1.0.0").approvals()).isEmpty();

    verdicts.approve(by("alice", "1.0.0"), () -> approval(Approval.ANYONE, Approval.OTHER));
    assertThat(version("1.0.0").approvals()).containsExactly("alice");
  }

  @Test
  void anApprovalCountsForOneMove() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);
    ModelPolicy policy = approval(Approval.OTHER, Approval.OTHER);
    verdicts.approve(by("bob", "1.0.0"), () -> policy);
    promotions.promote(by("alice", "1.0.0"), PromotionStage.STAGING, policy);

    refused(
        () -> promotions.promote(by("alice", "1.0.0"), PromotionStage.PRODUCTION, policy),
        ErrorType.APPROVAL_MISSING,
        "waits for approval");
  }

  @Test
  void whatIsRejectedStaysThatUntilSomebodyElseTakesItBack() {
    registry.registered("1.0.0", "alice").evaluated("1.0.0", "auc", 0.8);
    registry.moved(RegistryEvent.Kind.PROMOTED, "1.0.0", PromotionStage.STAGING);
    verdicts.reject(by("bob", "1.0.0"));
    ThrowingCallable promote =
        () -> promotions.promote(by("alice", "1.0.0"), PromotionStage.PRODUCTION, OPEN);
    refused(promote, ErrorType.PROMOTION_REFUSED, "churn@1.0.0 was rejected by bob: because");

    verdicts.demote(by("alice", "1.0.0"), PromotionStage.EXPERIMENTAL);
    refused(
        () -> promotions.promote(by("alice", "1.0.0"), PromotionStage.STAGING, OPEN),
        ErrorType.PROMOTION_REFUSED,
        "was rejected by bob");
    refused(
        () ->
            verdicts.approve(
                by("alice", "1.0.0"), () -> approval(Approval.ANYONE, Approval.ANYONE)),
        ErrorType.APPROVAL_MISSING,
        "which was rejected: somebody else must take that back");

    verdicts.approve(by("carol", "1.0.0"), () -> OPEN);
    promotions.promote(by("alice", "1.0.0"), PromotionStage.STAGING, OPEN);
    assertThat(version("1.0.0").isRejected()).isFalse();
  }

  @Test
  void demotesAndArchivesOnlyDownwards() {
    registry.registered("1.0.0", "alice").champion("1.0.0");

    refused(
        () -> verdicts.archive(by("bob", "1.0.0")),
        ErrorType.CONFIG_INVALID,
        "churn@1.0.0 is in production",
        "promote another, which archives it");
    refused(
        () -> verdicts.reject(by("bob", "1.0.0")),
        ErrorType.CONFIG_INVALID,
        "in production, where a rejection would change nothing");
    refused(
        () -> verdicts.approve(by("bob", "1.0.0"), () -> OPEN),
        ErrorType.CONFIG_INVALID,
        "nothing waits for approval");

    verdicts.demote(by("bob", "1.0.0"), PromotionStage.STAGING);
    assertThat(registry.state("churn").champion()).isEmpty();
    refused(
        () -> verdicts.demote(by("bob", "1.0.0"), PromotionStage.PRODUCTION),
        ErrorType.CONFIG_INVALID,
        "churn@1.0.0 is in staging: to production is no demotion");

    RegistryEvent event = verdicts.archive(by("bob", "1.0.0"));
    assertThat(event.from()).isEqualTo(PromotionStage.STAGING);
    assertThat(event.to()).isEqualTo(PromotionStage.ARCHIVED);
    refused(
        () -> verdicts.demote(by("bob", "1.0.0"), PromotionStage.STAGING),
        ErrorType.CONFIG_INVALID,
        "churn@1.0.0 is archived: to staging is no demotion",
        "models promote --to staging");
    refused(
        () -> verdicts.archive(by("bob", "1.0.0")), ErrorType.CONFIG_INVALID, "archived already");
  }

  @Test
  void tellsWhoWasFaster() {
    registry.registered("1.0.0", "alice");
    registry.meanwhile(() -> verdicts.reject(by("carol", "1.0.0")));

    refused(
        () -> verdicts.approve(by("bob", "1.0.0"), () -> OPEN),
        ErrorType.MODEL_CONFLICT,
        "nothing was done to churn@1.0.0: meanwhile carol rejected churn@1.0.0 (event 2)");
    assertThat(version("1.0.0").isRejected()).isTrue();
  }

  @Test
  void twoApproveAtOnceAndBothCount() {
    registry.registered("1.0.0", "alice");
    registry.meanwhile(() -> verdicts.approve(by("carol", "1.0.0"), () -> OPEN));

    verdicts.approve(by("bob", "1.0.0"), () -> OPEN);

    assertThat(version("1.0.0").approvals()).containsExactly("carol", "bob");
  }

  /** Whatever people try, in whatever order: the history folds, and one version is champion. */
  @Test
  void anyOrderOfDecisionsLeavesAtMostOneInProduction() {
    Random random = new Random(4);
    for (int i = 0; i < 5; i++) {
      registry.registered("1." + i + ".0", "alice");
    }
    int done = 0;
    for (int i = 0; i < 2_000; i++) {
      done += isDone(random) ? 1 : 0;
      assertThat(registry.state("churn").at(PromotionStage.PRODUCTION)).hasSizeLessThan(2);
    }
    assertThat(done).isGreaterThan(200);
    assertThat(registry.events("churn")).hasSize((int) registry.state("churn").last());
  }

  private boolean isDone(Random random) {
    MoveRequest wanted =
        by(List.of("alice", "bob").get(random.nextInt(2)), "1." + random.nextInt(5) + ".0");
    PromotionStage to = PromotionStage.values()[random.nextInt(4)];
    registry.evaluated(wanted.version().toString(), "auc", 0.8);
    try {
      switch (random.nextInt(6)) {
        case 0 -> verdicts.approve(wanted, () -> OPEN);
        case 1 -> verdicts.reject(wanted);
        case 2 -> verdicts.archive(wanted);
        case 3 -> verdicts.demote(wanted, to);
        default -> promotions.promote(wanted, to, OPEN);
      }
      return true;
    } catch (EngineException refused) {
      assertThat(refused.type()).isNotEqualTo(ErrorType.STORAGE_CORRUPT);
      return false;
    }
  }
}
