package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.outputs;
import static io.mlpipeline.cli.EngineHarness.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two years of real bike rentals: learned on the earlier hours, measured on the later ones. */
class BikePipelineIT {

  @TempDir Path temp;

  @Tag("long")
  @Test
  void learnsFromEarlierHoursAndRefusesColumnsThatAddUpToTheLabel() {
    Path data = RealData.folderWith("bike_sharing/hour_train.csv");
    RunReport honest = run(data, "[]");
    assertThat(honest.status()).as("%s", honest.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(outputs(honest).get("hours").rows()).isEqualTo(13949);
    assertThat(outputs(honest).get("later_hours").rows()).isEqualTo(3430);
    assertThat(step(honest, "train").metrics())
        .containsEntry("training_rows", 13949.0)
        .containsEntry("label_max", 957.0);
    assertThat(step(honest, "evaluate").metrics().get("bike_model.r2")).isBetween(0.84, 0.92);

    RunReport leaking = run(data, "[casual, registered]");
    assertThat(leaking.status()).isEqualTo(RunStatus.FAILED);
    assertThat(Objects.requireNonNull(leaking.failure()).message())
        .contains(
            "label cnt is given away by casual and registered together (cnt = 1 casual + 1"
                + " registered, R2 1.0000), measured on 13949 training rows");
  }

  private RunReport run(Path data, String also) {
    return EngineHarness.of(
            EngineHarness.CONF.resolve("pipelines/bike.conf"), temp.resolve("warehouse"))
        .with("data", data.toString())
        .with("params.also", also)
        .run();
  }
}
