package io.mlpipeline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every registry must do; one subclass an implementation. */
public abstract class ModelRegistryContract {

  /** The registry under test, empty when the test starts; each call may give another instance. */
  protected abstract ModelRegistry registry();

  private ModelHistory churn() {
    return new ModelHistory(registry(), "churn");
  }

  @Test
  void knowsNothingOfAModelWithoutEvents() {
    assertThat(registry().models()).isEmpty();
    assertThat(registry().state("churn")).isEqualTo(ModelState.none("churn"));
    assertThat(registry().events("churn")).isEmpty();
    assertThat(registry().event("churn", 1)).isEmpty();
    assertThat(registry().findCard("churn", "0".repeat(64))).isEmpty();
    assertThat(registry().findCard("churn", "../../churn/x")).isEmpty();
    assertThat(registry().state("../churn").versions()).isEmpty();
  }

  @Test
  void givesBackEveryEventWholeAndInOrder() {
    churn()
        .registered("1.0.0", "ann")
        .evaluated("1.0.0", 0.84, "ann")
        .approved("1.0.0", "bob")
        .promoted("1.0.0", PromotionStage.STAGING, "bob")
        .promoted("1.0.0", PromotionStage.PRODUCTION, "bob");
    List<RegistryEvent> events = registry().events("churn");
    assertThat(events).extracting(RegistryEvent::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(registry().event("churn", 2)).contains(events.get(1));
    assertThat(
            events
                .get(1)
                .evidence()
                .metrics(io.mlpipeline.registry.Evidence.Subject.CANDIDATE, "all"))
        .containsEntry("auc_roc", 0.84);
    assertThat(events.get(4).decided()).hasSize(1);
    assertThat(events.get(0).previous()).isEmpty();
    for (int i = 1; i < events.size(); i++) {
      assertThat(events.get(i).previous()).isEqualTo(RegistryEventJson.seal(events.get(i - 1)));
    }
    assertThat(registry().event("churn", 6)).isEmpty();
    assertThat(registry().event("churn", 0)).isEmpty();
  }

  @Test
  void foldsWhatHappenedToAState() {
    churn()
        .registered("1.0.0", "ann")
        .promoted("1.0.0", PromotionStage.STAGING, "ann")
        .promoted("1.0.0", PromotionStage.PRODUCTION, "ann")
        .registered("1.1.0", "bob")
        .evaluated("1.1.0", 0.85, "bob")
        .approved("1.1.0", "ann");
    ModelState state = registry().state("churn");
    assertThat(state.last()).isEqualTo(6);
    assertThat(state.seal())
        .isEqualTo(RegistryEventJson.seal(registry().event("churn", 6).orElseThrow()));
    assertThat(state.champion()).map(VersionState::version).map(Object::toString).contains("1.0.0");
    VersionState fresh = state.newest().orElseThrow();
    assertThat(fresh.version()).isEqualTo(SemanticVersion.parse("1.1.0"));
    assertThat(fresh.evaluated()).isEqualTo(5);
    assertThat(fresh.approver()).contains("ann");
    churn().promoted("1.1.0", PromotionStage.PRODUCTION, "bob");
    ModelState after = registry().state("churn");
    assertThat(after.at(PromotionStage.PRODUCTION))
        .extracting(v -> v.version().toString())
        .containsExactly("1.1.0");
    assertThat(after.at(PromotionStage.ARCHIVED))
        .extracting(v -> v.version().toString())
        .containsExactly("1.0.0");
  }

  @Test
  void refusesASecondEventOfANumberAndKeepsTheFirst() {
    churn().registered("1.0.0", "ann");
    RegistryEvent mine =
        churn().next(RegistryEvent.Kind.PROMOTED, "1.0.0", PromotionStage.STAGING, "ann");
    RegistryEvent other =
        churn().next(RegistryEvent.Kind.ARCHIVED, "1.0.0", PromotionStage.ARCHIVED, "bob");
    assertThat(registry().append(mine)).isTrue();
    assertThat(registry().append(other)).isFalse();
    assertThat(registry().append(mine)).isFalse();
    assertThat(registry().events("churn")).hasSize(2).contains(mine);
  }

  @Test
  void refusesAnEventThatDoesNotFollowAndWritesNothing() {
    churn().registered("1.0.0", "ann").registered("1.1.0", "ann");
    RegistryEvent third =
        churn().next(RegistryEvent.Kind.PROMOTED, "1.0.0", PromotionStage.STAGING, "ann");
    ModelHistory ahead = new ModelHistory(registry(), "churn").append(third);
    RegistryEvent fifth =
        new RegistryEvent(
            "churn",
            5,
            RegistryEvent.Kind.APPROVED,
            third.version(),
            third.digest(),
            null,
            null,
            "bob",
            third.at(),
            null,
            null,
            null,
            null,
            0,
            List.of(),
            null,
            registry().state("churn").seal());
    assertThatThrownBy(() -> registry().append(fifth)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> ahead.approved("7.0.0", "bob")).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> ahead.registered("1.1.0", "bob")).isInstanceOf(EngineException.class);
    assertThat(registry().events("churn")).hasSize(3);
  }

  @Test
  void keepsModelsApartAndNamesThem() {
    churn().registered("1.0.0", "ann");
    new ModelHistory(registry(), "churn_lr").registered("1.0.0", "ann");
    registry().put(ModelHistory.card("never_registered", "1.0.0"));
    assertThat(registry().models()).containsExactly("churn", "churn_lr");
    assertThat(registry().state("churn_lr").last()).isOne();
  }

  @Test
  void keepsACardUnderItsSealOnce() {
    ModelCard card = ModelHistory.card("churn", "1.0.0");
    String seal = registry().put(card);
    assertThat(registry().put(card)).isEqualTo(seal);
    assertThat(registry().findCard("churn", seal)).contains(card);
    assertThat(registry().findCard("other", seal)).isEmpty();
    assertThat(registry().put(card.as(SemanticVersion.parse("2.0.0"), "major"))).isNotEqualTo(seal);
  }

  @Test
  void letsExactlyOneOfManyThreadsHaveEachNumber() throws Exception {
    int threads = 6;
    int rounds = 12;
    churn().registered("1.0.0", "ann");
    CyclicBarrier barrier = new CyclicBarrier(threads);
    List<Callable<List<Long>>> tasks = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String who = "user" + t;
      tasks.add(
          () -> {
            List<Long> won = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
              barrier.await(60, TimeUnit.SECONDS);
              ModelRegistry mine = registry();
              RegistryEvent event =
                  new ModelHistory(mine, "churn")
                      .next(RegistryEvent.Kind.APPROVED, "1.0.0", null, who);
              if (mine.append(event)) {
                won.add(event.number());
              }
            }
            return won;
          });
    }
    List<Long> all = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (Future<List<Long>> future : pool.invokeAll(tasks)) {
        all.addAll(future.get());
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(all).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(rounds);
    all.add(1L);
    assertThat(registry().events("churn"))
        .extracting(RegistryEvent::number)
        .containsExactlyElementsOf(all.stream().sorted().toList());
    assertThat(registry().state("churn").last()).isEqualTo(all.size());
  }
}
