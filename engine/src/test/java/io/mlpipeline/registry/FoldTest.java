package io.mlpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FoldTest {

  private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");

  private ModelState state = ModelState.none("churn");

  private static Instant at(long number) {
    return START.plusSeconds(number);
  }

  private RegistryEvent event(
      RegistryEvent.Kind kind,
      String version,
      @Nullable PromotionStage from,
      @Nullable PromotionStage to,
      String by) {
    long number = state.last() + 1;
    return new RegistryEvent(
        "churn",
        number,
        kind,
        SemanticVersion.parse(version),
        "m1:" + version,
        from,
        to,
        by,
        at(number),
        null,
        null,
        kind == RegistryEvent.Kind.REGISTERED ? "card of " + version : null,
        null,
        0,
        List.of(),
        null,
        state.seal());
  }

  private void add(RegistryEvent event) {
    state = Fold.add(state, event, "seal " + event.number());
  }

  private void register(String version) {
    add(event(RegistryEvent.Kind.REGISTERED, version, null, PromotionStage.EXPERIMENTAL, "ann"));
  }

  private void move(String version, PromotionStage from, PromotionStage to) {
    RegistryEvent.Kind kind =
        to == PromotionStage.ARCHIVED ? RegistryEvent.Kind.ARCHIVED : RegistryEvent.Kind.PROMOTED;
    add(event(kind, version, from, to, "ann"));
  }

  private void judge(RegistryEvent.Kind kind, String version, String by) {
    add(event(kind, version, null, null, by));
  }

  private VersionState version(String version) {
    return state.find(SemanticVersion.parse(version)).orElseThrow();
  }

  @Test
  void aRegisteredVersionIsExperimentalAndItsAuthorsWhoRanTheRun() {
    register("1.0.0");
    assertThat(version("1.0.0"))
        .isEqualTo(
            new VersionState(
                SemanticVersion.FIRST,
                "m1:1.0.0",
                "card of 1.0.0",
                PromotionStage.EXPERIMENTAL,
                at(1),
                1,
                "ann",
                1,
                0,
                List.of(),
                false,
                0));
    assertThat(state.last()).isOne();
    assertThat(state.seal()).isEqualTo("seal 1");
  }

  @Test
  void whoeverComesToProductionArchivesTheChampion() {
    register("1.0.0");
    register("1.1.0");
    move("1.0.0", PromotionStage.EXPERIMENTAL, PromotionStage.PRODUCTION);
    move("1.1.0", PromotionStage.EXPERIMENTAL, PromotionStage.PRODUCTION);
    assertThat(state.champion()).contains(version("1.1.0"));
    assertThat(version("1.0.0").stage()).isEqualTo(PromotionStage.ARCHIVED);
    assertThat(version("1.0.0").since()).isEqualTo(at(4));
    add(
        event(
            RegistryEvent.Kind.ROLLED_BACK,
            "1.0.0",
            PromotionStage.ARCHIVED,
            PromotionStage.PRODUCTION,
            "bob"));
    assertThat(state.at(PromotionStage.PRODUCTION)).containsExactly(version("1.0.0"));
    assertThat(state.at(PromotionStage.ARCHIVED)).containsExactly(version("1.1.0"));
  }

  @Test
  void anApprovalLastsUntilTheVersionMovesOrIsRejected() {
    register("1.0.0");
    judge(RegistryEvent.Kind.APPROVED, "1.0.0", "ann");
    assertThat(version("1.0.0").approver()).as("the author's does not count").isEmpty();
    judge(RegistryEvent.Kind.APPROVED, "1.0.0", "bob");
    assertThat(version("1.0.0").approver()).contains("bob");
    judge(RegistryEvent.Kind.REJECTED, "1.0.0", "carl");
    assertThat(version("1.0.0").isRejected()).isTrue();
    assertThat(version("1.0.0").approvals()).isEmpty();
    judge(RegistryEvent.Kind.APPROVED, "1.0.0", "dora");
    assertThat(version("1.0.0").isRejected()).isFalse();
    judge(RegistryEvent.Kind.EVALUATED, "1.0.0", "run r1");
    assertThat(version("1.0.0").approvals()).containsExactly("dora");
    assertThat(version("1.0.0").evaluated()).isEqualTo(6);
    move("1.0.0", PromotionStage.EXPERIMENTAL, PromotionStage.STAGING);
    assertThat(version("1.0.0").approvals()).isEmpty();
    assertThat(version("1.0.0").evaluated()).isEqualTo(6);
  }

  @Test
  void aVersionWhoseFilesAreRemovedStaysInTheHistoryAndGoesNowhere() {
    register("1.0.0");
    judge(RegistryEvent.Kind.REMOVED, "1.0.0", "ann");
    assertThat(version("1.0.0").removed()).isEqualTo(2);
    assertThat(state.findDigest(version("1.0.0").digest())).as("made again it is new").isEmpty();
    assertThat(Moves.promotion("churn@1.0.0", version("1.0.0"), PromotionStage.STAGING))
        .hasValueSatisfying(
            hindrance -> assertThat(hindrance.message()).contains("removed by gc (event 2)"));
    assertThatThrownBy(() -> move("1.0.0", PromotionStage.EXPERIMENTAL, PromotionStage.STAGING))
        .hasMessageContaining("the files of 1.0.0 are removed");
    register("1.1.0");
    move("1.1.0", PromotionStage.EXPERIMENTAL, PromotionStage.STAGING);
    assertThatThrownBy(() -> judge(RegistryEvent.Kind.REMOVED, "1.1.0", "ann"))
        .hasMessageContaining("1.1.0 is in use");
  }

  @Test
  void refusesAHistoryThatCannotBe() {
    register("1.0.0");
    RegistryEvent first = event(RegistryEvent.Kind.APPROVED, "1.0.0", null, null, "bob");
    refused(event(RegistryEvent.Kind.APPROVED, "2.0.0", null, null, "bob"), "no version 2.0.0");
    refused(
        event(RegistryEvent.Kind.REGISTERED, "1.0.0", null, PromotionStage.EXPERIMENTAL, "ann"),
        "1.0.0 exists already");
    refused(
        event(
            RegistryEvent.Kind.PROMOTED,
            "1.0.0",
            PromotionStage.STAGING,
            PromotionStage.PRODUCTION,
            "ann"),
        "1.0.0 is not staging");
    add(first);
    refused(first, "does not follow event 2");
    RegistryEvent altered =
        new RegistryEvent(
            "churn",
            3,
            first.kind(),
            first.version(),
            first.digest(),
            null,
            null,
            "bob",
            at(3),
            null,
            null,
            null,
            null,
            0,
            List.of(),
            null,
            "seal 1");
    refused(altered, "its seal is another");
  }

  @Test
  void refusesAnEventOfOtherContentUnderAKnownVersion() {
    register("1.0.0");
    RegistryEvent e = event(RegistryEvent.Kind.APPROVED, "1.0.0", null, null, "bob");
    RegistryEvent other =
        new RegistryEvent(
            e.model(),
            e.number(),
            e.kind(),
            e.version(),
            "m1:other",
            null,
            null,
            "bob",
            e.at(),
            null,
            null,
            null,
            null,
            0,
            List.of(),
            null,
            e.previous());
    refused(other, "there is no version 1.0.0 of it");
  }

  private void refused(RegistryEvent event, String why) {
    assertThatThrownBy(() -> Fold.add(state, event, "x"))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.STORAGE_CORRUPT))
        .hasMessageContaining("event " + event.number() + " of model churn cannot be")
        .hasMessageContaining(why);
  }
}
