package io.mlpipeline.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.model.Waiver;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.ObjectStore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every gate store must do; one subclass an object store beneath. */
public abstract class GateStoreContract {

  private static final Instant AT = Instant.parse("2024-06-01T02:00:00Z");

  /** The objects beneath, empty when a test starts; the same throughout a test. */
  protected abstract ObjectStore objects();

  /** A store over them; each call may give another one. */
  protected abstract GateStore store();

  private static Measurement point(String dataset, String run, int attempt, double rows) {
    return new Measurement(
        "taxi",
        dataset,
        run,
        run + "-ingest-" + attempt,
        AT,
        "c1:" + rows,
        attempt > 1 ? Verdict.PASS : Verdict.REJECT,
        new TreeMap<>(
            Map.of("Dataset.*.RowCount", rows, "Column.a \"b\".Mean(where: x > 'ü')", -0.5)));
  }

  @Test
  void givesTheNewestFirstWhateverTheirVerdict() {
    for (int run = 1; run <= 12; run++) {
      String id = String.format("r202406%02d-020000-aaaaaa", run);
      store().add(point("trips", id, 1, run));
      store().add(point("trips", id, 2, run + 0.5));
    }
    assertThat(store().newest("taxi", "trips", 3))
        .containsExactly(
            point("trips", "r20240612-020000-aaaaaa", 2, 12.5),
            point("trips", "r20240612-020000-aaaaaa", 1, 12),
            point("trips", "r20240611-020000-aaaaaa", 2, 11.5));
    assertThat(store().newest("taxi", "trips", 999)).hasSize(24);
  }

  @Test
  void theSameAttemptTwiceIsOneAndTheFirstStands() {
    store().add(point("trips", "r1", 2, 5));
    store().add(point("trips", "r1", 2, 6));
    assertThat(store().newest("taxi", "trips", 9)).containsExactly(point("trips", "r1", 2, 5));
  }

  @Test
  void keepsDatasetsAndPipelinesApart() {
    store().add(point("trips", "r1", 1, 5));
    store().add(point("trips_by_day", "r1", 1, 6));
    assertThat(store().newest("taxi", "trips", 9)).hasSize(1);
    assertThat(store().newest("taxi", "nothing", 9)).isEmpty();
    assertThat(store().newest("tax", "trips", 9)).isEmpty();
  }

  @Test
  void aDamagedPointCountsAsAbsentAndTakesNoPlace() {
    store().add(point("trips", "r1", 1, 5));
    objects().putIfAbsent("gates/taxi/trips/metrics/r2-1.json", "{ half".getBytes(UTF_8));
    assertThat(store().newest("taxi", "trips", 1)).containsExactly(point("trips", "r1", 1, 5));
  }

  @Test
  void keepsWaiversOldestFirstAndEachOnce() {
    Waiver late = waiver("late", AT.plusSeconds(5));
    Waiver early = waiver("early", AT);
    store().add(late);
    store().add(early);
    store().add(early);
    assertThat(store().waivers("taxi")).containsExactly(early, late);
    assertThat(store().waivers("other")).isEmpty();
  }

  private static Waiver waiver(String reason, Instant at) {
    LocalDate until = LocalDate.of(2024, 6, 30);
    return new Waiver("taxi", "trips", "r1", "RowCount > 1", "run", reason, "ann", at, until);
  }

  @Test
  void keepsProfilesByContentAndKind() {
    byte[] bytes = {0, -1, 10, 13};
    store().putProfile("taxi", "trips", "c1:1", "sketch", bytes);
    store().putProfile("taxi", "trips", "c1:1", "sketch", new byte[] {7});
    assertThat(store().findProfile("taxi", "trips", "c1:1", "sketch")).contains(bytes);
    assertThat(store().findProfile("taxi", "trips", "c1:2", "sketch")).isEmpty();
    assertThat(store().findProfile("taxi", "trips", "c1:1", "other")).isEmpty();
  }
}
