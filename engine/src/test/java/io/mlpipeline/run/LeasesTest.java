package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.delta.StoredLeases;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LeaseEnd;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.testkit.InMemoryObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time is a number here: whoever waits moves it. */
class LeasesTest {

  private static final long SECOND = 1_000_000_000L;

  private final InMemoryObjectStore objects = new InMemoryObjectStore();
  private final LeaseStore store = new StoredLeases(objects);
  private final Set<String> gone = new HashSet<>();
  private final List<String> said = new ArrayList<>();
  private final RunListener listener =
      new RunListener() {
        @Override
        public void runWaits(String why) {
          said.add(why);
        }
      };
  private Instant wall = Instant.parse("2026-01-01T12:00:00Z");
  private long nanos = 5;
  private Runnable meanwhile = () -> {};

  private final Leases leases =
      new Leases(
          store,
          holder -> gone.contains(holder.run()),
          () -> wall,
          () -> nanos,
          pause -> {
            nanos += pause.toNanos();
            wall = wall.plus(pause);
            meanwhile.run();
          });

  private static LeaseClaim claim(String run) {
    return new LeaseClaim("churn", 1, "local", run, "ann", "mars", "m", 42, "7", Instant.EPOCH, 30);
  }

  private Lease take(String run, Waiting waiting) {
    try {
      return leases.take(claim(run), waiting, listener);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A holder of whom nothing but the claim is left, as after a kill. */
  private void dies(String run) {
    take(run, Waiting.NONE).leave();
  }

  private void beats(long number) {
    store.beat(claim("r1").of(1, wall), number, wall);
  }

  @Test
  void theSecondIsToldWhoHoldsIt() {
    try (Lease first = take("r1", Waiting.NONE)) {
      first.check();
      wall = wall.plusSeconds(4);
      assertThatThrownBy(() -> take("r2", Waiting.NONE))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.LEASE_HELD))
          .hasMessage(
              "churn (local) is being run: run r1 by ann on mars (pid 42), since"
                  + " 2026-01-01T12:00:00Z, last heartbeat 4 s ago");
    }
    take("r2", Waiting.NONE).check();
    assertThat(store.look("churn").epoch()).isEqualTo(2);
  }

  @Test
  void whoWaitsIsServedWhenTheFirstEnds() {
    Lease first = take("r1", Waiting.NONE);
    long[] waited = {0};
    meanwhile =
        () -> {
          beats(++waited[0]);
          if (waited[0] == 200) {
            first.close();
          }
        };
    take("r2", Waiting.ENDLESS).check();
    assertThat(waited[0]).isEqualTo(200);
    assertThat(said).containsExactly("waiting for run r1 by ann on mars (pid 42)");
    assertThat(first.isPassed()).isFalse();
  }

  @Test
  void whoWaitsHasALimit() {
    try (Lease first = take("r1", Waiting.NONE)) {
      long[] number = {0};
      meanwhile = () -> beats(++number[0]);
      assertThatThrownBy(() -> take("r2", new Waiting(Duration.ofSeconds(90))))
          .hasMessageContaining("run r1");
      assertThat(Duration.between(Instant.parse("2026-01-01T12:00:00Z"), wall)).hasSeconds(90);
      first.check();
    }
  }

  @Test
  void whoseProcessIsGoneIsLostAtOnce() {
    dies("r1");
    gone.add("r1");
    Lease second = take("r2", Waiting.NONE);
    assertThat(second.before()).map(LeaseClaim::run).contains("r1");
    assertThat(store.findEnd("churn", 1))
        .hasValueSatisfying(
            end -> {
              assertThat(end.how()).isEqualTo(LeaseEnd.How.LOST);
              assertThat(end.by()).isEqualTo("r2");
            });
    assertThat(nanos).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400, 0, 86_400})
  void aClockThatJumpedHoldsNoDeadLeaseForEver(long jump) {
    dies("r1");
    wall = wall.plusSeconds(jump);
    Lease second = take("r2", Waiting.ENDLESS);
    assertThat(second.before()).map(LeaseClaim::run).contains("r1");
    assertThat(nanos / SECOND).isEqualTo(30);
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400, 86_400})
  void aClockThatJumpedFreesNoLiveLease(long jump) {
    try (Lease first = take("r1", Waiting.NONE)) {
      Instant itsClock = wall;
      wall = wall.plusSeconds(jump);
      long[] looks = {0};
      meanwhile =
          () -> {
            if (++looks[0] % 10 == 0) {
              store.beat(claim("r1").of(1, itsClock), looks[0], itsClock.plusSeconds(looks[0]));
            }
          };
      assertThatThrownBy(() -> take("r2", Waiting.NONE)).hasMessageContaining("run r1");
      assertThat(said).containsExactly("looking whether it lives: run r1 by ann on mars (pid 42)");
      assertThat(nanos / SECOND).isEqualTo(5);
      first.check();
    }
  }

  @Test
  void whoSleptThroughItsLeasePublishesNothing() {
    Lease zombie = take("r1", Waiting.NONE);
    zombie.leave();
    wall = wall.plusSeconds(60);
    take("r2", Waiting.NONE).check();
    assertThatThrownBy(zombie::check)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.LEASE_LOST))
        .hasMessageContaining("run r2 by ann on mars (pid 42) took over");
    zombie.close();
    assertThat(store.isInForce("churn", 2)).isTrue();
  }

  @Test
  void whoWasAbandonedPublishesNothing() {
    Lease zombie = take("r1", Waiting.NONE);
    leases.abandon("churn", "r1", "bob", "its host burned");
    assertThatThrownBy(zombie::check).hasMessageContaining("bob found it abandoned");
    zombie.close();
    assertThat(store.findEnd("churn", 1)).map(LeaseEnd::reason).contains("its host burned");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "{\"format\":1}", "{\"format\":99}", "[[[[[["})
  void aLeaseFullOfGarbageIsWatchedAndThenTakenOver(String garbage) {
    objects.putIfAbsent("leases/churn/000000000007.json", garbage.getBytes(StandardCharsets.UTF_8));
    objects.putIfAbsent("leases/churn/nonsense.json", new byte[] {1});
    objects.putIfAbsent(
        "leases/churn/000000000007.beat.json", garbage.getBytes(StandardCharsets.UTF_8));
    Lease next = take("r2", Waiting.NONE);
    next.check();
    assertThat(next.before()).isEmpty();
    assertThat(nanos / SECOND).isEqualTo(30);
    assertThat(store.look("churn").epoch()).isEqualTo(8);
    assertThat(said)
        .singleElement()
        .asString()
        .contains("_ml/leases/churn/000000000007.json cannot be read");
  }

  @Test
  void aLeaseFullOfGarbageWhoseHeartBeatsIsHeld() {
    objects.putIfAbsent("leases/churn/000000000001.json", new byte[] {7});
    meanwhile = () -> beats(nanos);
    assertThatThrownBy(() -> take("r2", Waiting.NONE))
        .hasMessageStartingWith("somebody runs churn, for the lease's heart beats, but _ml/leases");
  }

  @Test
  void anEndFullOfGarbageIsAnEnd() {
    dies("r1");
    objects.putIfAbsent("leases/churn/000000000001.end.json", new byte[] {7});
    take("r2", Waiting.NONE).check();
    assertThat(store.findEnd("churn", 1)).isEmpty();
  }

  @Test
  void anAbsurdTermIsNotWaitedFor() {
    LeaseClaim absurd =
        new LeaseClaim("churn", 1, "local", "r1", "a", "h", "", 1, "", wall, Integer.MAX_VALUE);
    assertThat(store.claim(absurd)).isTrue();
    take("r2", Waiting.ENDLESS).check();
    assertThat(nanos / SECOND).isEqualTo(600);
  }

  @Test
  void manyLeasesLeaveFewObjectsAndOldNumbersAreNotTakenAgain() {
    for (int i = 0; i < 60; i++) {
      take("r" + i, Waiting.NONE).close();
    }
    assertThat(objects.list("leases/churn/")).hasSizeLessThan(50);
    assertThat(store.claim(claim("late").of(3, wall))).isFalse();
    assertThat(store.findClaim("churn", "r59")).map(LeaseClaim::epoch).contains(60L);
  }

  @Test
  void pipelinesDoNotMindEachOther() {
    try (Lease first = take("r1", Waiting.NONE)) {
      first.check();
      LeaseClaim other =
          new LeaseClaim("taxi", 1, "local", "r2", "a", "h", "", 1, "", Instant.EPOCH, 30);
      assertThat(store.claim(other)).isTrue();
    }
  }

  @Test
  void watchingARunThatDiedEndsItsLease() throws InterruptedException {
    dies("r1");
    wall = wall.plusSeconds(3_600);
    assertThat(leases.watch("churn", "r1", "bob", listener)).isEqualTo(Leases.Life.LOST);
    assertThat(leases.ended("churn", "r1")).map(LeaseEnd::by).contains("bob");
    assertThat(leases.watch("churn", "r1", "bob", listener)).isEqualTo(Leases.Life.OVER);
  }
}
