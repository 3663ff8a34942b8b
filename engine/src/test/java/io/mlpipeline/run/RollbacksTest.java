package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RestoredSet;
import io.mlpipeline.registry.RollbackPlan;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.TablePin;
import io.mlpipeline.run.Rollbacks.RolledBack;
import io.mlpipeline.run.Rollbacks.Scope;
import io.mlpipeline.testkit.FakeModels;
import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.FakeTables;
import io.mlpipeline.testkit.ModelHistory;
import io.mlpipeline.testkit.ModelSets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rollbacks over tables in memory, down to who came in between. */
class RollbacksTest {

  private final FakeRegistry registry = new FakeRegistry();
  private final FakeTables tables = new FakeTables();
  private final FakeModels models = new FakeModels();
  private final ModelSets sets = new ModelSets(registry, tables, models);
  private final Rollbacks rollbacks = rollbacks(tables);
  private final MoveRequest old = wanted("1.0.0");

  /** 1.0.0 with features v0 and rows v0, then 1.1.0 with features v1 and the same rows. */
  @BeforeEach
  void promoteTwoVersions() {
    OutputVersion rows = sets.publish("churn/rows", "r");
    sets.inProduction("1.0.0", Map.of(), rows, sets.publish("churn/features", "one"));
    sets.inProduction("1.1.0", Map.of(), rows, sets.publish("churn/features", "two"));
  }

  private Rollbacks rollbacks(FakeTables log) {
    return new Rollbacks(registry, log, models, InstantSource.fixed(ModelHistory.at(99)));
  }

  private static MoveRequest wanted(String version) {
    return new MoveRequest(ModelSets.MODEL, SemanticVersion.parse(version), "eve", "incident 12");
  }

  private RolledBack rollBack() {
    return rollbacks.rollBack(old, rollbacks.plan(old, Scope.SET));
  }

  private PromotionStage stage(String version) {
    return registry
        .state(ModelSets.MODEL)
        .find(SemanticVersion.parse(version))
        .orElseThrow()
        .stage();
  }

  private String content(String uri) {
    long head = tables.findHead(uri).orElseThrow();
    return tables.findContent(uri, head).orElse("somebody else's");
  }

  @Test
  void plansWithoutChangingAnything() {
    RollbackPlan plan = rollbacks.plan(old, Scope.SET);
    assertThat(plan.tables())
        .extracting(pin -> pin.table().uri() + " " + pin.state())
        .containsExactly("churn/rows CURRENT", "churn/features BEHIND");
    assertThat(plan.number()).isEqualTo(3);
    assertThat(tables.versions("churn/features")).isEqualTo(2);
    assertThat(registry.events(ModelSets.MODEL)).hasSize(6);
  }

  @Test
  void bringsBackTheModelAndOnlyTheTablesThatHoldSomethingElse() {
    RegistryEvent event = Objects.requireNonNull(rollBack().event());
    assertThat(stage("1.0.0")).isEqualTo(PromotionStage.PRODUCTION);
    assertThat(stage("1.1.0")).isEqualTo(PromotionStage.ARCHIVED);
    assertThat(content("churn/features")).isEqualTo("c1:1:one#s");
    assertThat(tables.versions("churn/rows")).isEqualTo(1);
    assertThat(event.reason()).isEqualTo("incident 12; it was in production by event 3");
    RestoredSet set = Objects.requireNonNull(event.restored());
    assertThat(set.number()).isEqualTo(3);
    assertThat(set.tables()).extracting(OutputVersion::version).containsExactly(0L, 2L);
  }

  @Test
  void doesNothingTheSecondTime() {
    rollBack();
    assertThat(rollbacks.plan(old, Scope.SET).isDone()).isTrue();
    assertThat(rollBack().event()).isNull();
    assertThat(registry.events(ModelSets.MODEL)).hasSize(7);
    assertThat(tables.versions("churn/features")).isEqualTo(3);
  }

  @Test
  void finishesWhatWasKilledBetweenTheTablesAndTheEvent() {
    OutputVersion features = rollbacks.plan(old, Scope.SET).behind().get(0).table();
    tables.restore(
        features.uri(),
        features.version(),
        new io.mlpipeline.port.TableLog.CommitInfo("r", "s", "a", features.identity()));
    assertThat(rollbacks.plan(old, Scope.SET).behind()).isEmpty();
    assertThat(Objects.requireNonNull(rollBack().event()).restored()).isNotNull();
    assertThat(tables.versions("churn/features")).isEqualTo(3);
    assertThat(stage("1.0.0")).isEqualTo(PromotionStage.PRODUCTION);
  }

  @Test
  void bringsTheTablesOfTheChampionBackIfARunWentOn() {
    sets.publish("churn/features", "three");
    MoveRequest champion = wanted("1.1.0");
    RolledBack done = rollbacks.rollBack(champion, rollbacks.plan(champion, Scope.SET));
    assertThat(done.event()).isNotNull();
    assertThat(content("churn/features")).isEqualTo("c1:1:two#s");
    assertThat(stage("1.1.0")).isEqualTo(PromotionStage.PRODUCTION);
  }

  @Test
  void knowsAContentThatSomebodyOptimizedSince() {
    rollBack();
    tables.foreignOptimize("churn/features");
    assertThat(rollbacks.plan(old, Scope.SET).isDone()).isTrue();
    tables.foreignWrite("churn/features");
    assertThat(rollbacks.plan(old, Scope.SET).isDone()).isFalse();
  }

  @Test
  void refusesAsAWholeAndByNameWhatIsLost() {
    tables.lose("churn/features");
    RollbackPlan plan = rollbacks.plan(old, Scope.SET);
    assertThat(plan.lost()).extracting(TablePin::head).containsExactly(1L);
    sets.publish("churn/rows", "other");
    assertThatThrownBy(() -> rollbacks.rollBack(old, rollbacks.plan(old, Scope.SET)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("nothing was changed")
        .hasMessageContaining("churn/features@v0")
        .hasMessageContaining("--model-only");
    assertThat(tables.versions("churn/rows")).isEqualTo(2);
    rollbacks.rollBack(old, rollbacks.plan(old, Scope.MODEL));
    assertThat(stage("1.0.0")).isEqualTo(PromotionStage.PRODUCTION);
    assertThat(tables.versions("churn/features")).isEqualTo(2);
  }

  @Test
  void saysWhoMovedTheModelMeanwhileAndWhichTablesStay() {
    RollbackPlan plan = rollbacks.plan(old, Scope.SET);
    sets.registered("1.2.0", Map.of());
    sets.history()
        .promoted("1.2.0", PromotionStage.STAGING, "ann")
        .promoted("1.2.0", PromotionStage.PRODUCTION, "dora");
    assertThatThrownBy(() -> rollbacks.rollBack(old, plan))
        .hasMessageContaining("dora promoted churn@1.2.0 to production")
        .hasMessageContaining("churn/features is at version 2")
        .extracting(e -> ((EngineException) e).type())
        .isEqualTo(ErrorType.MODEL_CONFLICT);
    assertThat(stage("1.2.0")).isEqualTo(PromotionStage.PRODUCTION);
  }

  @Test
  void ofTwoAtOnceOneWinsAndNothingIsRestoredTwice() {
    RollbackPlan mine = rollbacks.plan(old, Scope.SET);
    MoveRequest theirs = new MoveRequest(ModelSets.MODEL, old.version(), "mallory", null);
    rollbacks.rollBack(theirs, rollbacks.plan(theirs, Scope.SET));
    assertThatThrownBy(() -> rollbacks.rollBack(old, mine))
        .hasMessageContaining("mallory rolled back churn@1.0.0");
    assertThat(tables.versions("churn/features")).isEqualTo(3);
  }

  @Test
  void goesNotOverWhatSomebodyWroteMeanwhile() {
    RollbackPlan plan = rollbacks.plan(old, Scope.SET);
    sets.publish("churn/features", "three");
    assertThatThrownBy(() -> rollbacks.rollBack(old, plan))
        .hasMessageContaining("version 2 of churn/features")
        .extracting(e -> ((EngineException) e).type())
        .isEqualTo(ErrorType.PUBLISH_CONFLICT);
    assertThat(content("churn/features")).isEqualTo("c1:1:three#s");
    assertThat(stage("1.1.0")).isEqualTo(PromotionStage.PRODUCTION);
  }

  @Test
  void refusesWhatWasNeverInProductionOrWasRejected() {
    sets.registered("1.2.0", Map.of());
    assertThatThrownBy(() -> rollbacks.plan(wanted("1.2.0"), Scope.SET))
        .hasMessageContaining("never in production");
    sets.history().append(sets.history().next(RegistryEvent.Kind.REJECTED, "1.0.0", null, "bob"));
    assertThatThrownBy(() -> rollbacks.plan(old, Scope.SET))
        .hasMessageContaining("churn@1.0.0 was rejected");
    assertThatThrownBy(() -> rollbacks.plan(wanted("3.0.0"), Scope.SET))
        .hasMessageContaining("there is no churn@3.0.0");
  }

  @Test
  void refusesIfTheModelItselfIsGone() {
    Rollbacks without = new Rollbacks(registry, tables, new FakeModels(), InstantSource.system());
    assertThatThrownBy(() -> without.plan(old, Scope.SET))
        .hasMessageContaining("churn@1.0.0 cannot come back")
        .hasMessageContaining("nothing was changed");
    assertThat(List.of(stage("1.0.0"), stage("1.1.0")))
        .containsExactly(PromotionStage.ARCHIVED, PromotionStage.PRODUCTION);
  }
}
