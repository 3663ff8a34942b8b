package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.Fault;
import io.mlpipeline.testkit.FaultFs;
import io.mlpipeline.testkit.Sweep;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sample of the calls that a whole churn run makes on its store fails, in every form: two steps
 * at a time, models among what is published.
 */
@Tag("faults")
class ChurnFaultsIT {

  /** So many of the numbers, for each form. */
  private static final int TRIED = 4;

  /** Steps that run beside each other make a few calls more or less. */
  private static final int LAST = 20;

  @TempDir static Path undisturbed;
  @TempDir Path temp;

  @AfterEach
  void mends() {
    FaultFs.set(Fault.none());
  }

  @Test
  void endsAsIfNothingHadHappened() throws IOException {
    EngineHarness churn =
        EngineHarness.of(EngineHarness.CONF.resolve("pipelines/churn.conf"), undisturbed)
            .with("data", EngineHarness.CONF.resolve("sample-data").toString());
    FaultedRuns runs = FaultedRuns.of(churn);
    assertThat(runs.undisturbed()).containsKeys("churn_lr", "churn_rf", "churn_model");
    assertThat(
            runs.problems(
                (numbers, form) -> Sweep.sample(numbers, TRIED, LAST + 7 * form.ordinal()), temp))
        .isEmpty();
  }
}
