package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that is made anew every month, and judged by the months before. */
class GateHistoryIT {

  @TempDir Path directory;

  @Test
  void threeVersionsGoByAndTheFourthIsStopped() throws IOException {
    Files.createDirectories(directory.resolve("schemas"));
    Files.writeString(
        directory.resolve("schemas/trips-v1.conf"), "columns { id: \"int\", fare: \"double\" }\n");
    Path file = directory.resolve("taxi.conf");
    Files.writeString(
        file,
        """
        pipeline: taxi
        inputs {
          raw: {
            files: "trips.csv", format: csv, schema: trips-v1
            gate: { block: [ { name: rows-alike, rule: "RowCount > avg(last(10)) * 0.5" } ] }
          }
        }
        steps {
          trips {
            uses: sql
            inputs { raw: raw }
            params { query: "select id, fare from raw" }
            outputs {
              rows: {
                as: trips
                gate: {
                  block: [
                    \"\"\"DetectAnomalies "Mean" "fare" \"\"\"
                    \"\"\"(RowCount between avg(last(5)) - 10 and avg(last(5)) + 10) and (IsComplete "id")\"\"\"
                  ]
                  warn: [ \"\"\"DetectAnomalies "Quantile" "fare" "0.5" with strategy = "seasonal" \"\"\" ]
                }
              }
            }
          }
        }
        """);
    EngineHarness taxi = EngineHarness.of(file, directory.resolve("wh"));

    RunReport first = month(taxi, 13.0, 40);
    assertThat(first.status()).as(String.valueOf(first.failure())).isEqualTo(RunStatus.SUCCEEDED);
    List<RuleOutcome> unjudged = first.steps().get(0).gates().get(1).outcomes();
    assertThat(unjudged).allMatch(RuleOutcome::passed);
    assertThat(unjudged)
        .extracting(RuleOutcome::message)
        .satisfiesExactly(
            message -> assertThat(message).endsWith("not judged yet: has 0 of 2 runs"),
            message -> assertThat(message).contains("RowCount", "has 0 of 2 runs"),
            message -> assertThat(message).endsWith("not judged yet: has 0 of 14 runs"));
    assertThat(month(taxi, 12.8, 41).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(month(taxi, 13.3, 39).status()).isEqualTo(RunStatus.SUCCEEDED);

    RunReport odd = month(taxi, 56.0, 40);
    assertThat(odd.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(odd.failure().message())
        .contains("DetectAnomalies \"Mean\" \"fare\": 56, expected from ", "(robust, by 3 runs)")
        .doesNotContain("RowCount");
    assertThat(month(taxi, 13.1, 10).failure().message())
        .contains("10, expected > 20 (by 4 runs)", "raw");

    RunReport next = month(taxi, 13.1, 42);
    assertThat(next.status())
        .as("the odd one is no part of the past")
        .isEqualTo(RunStatus.SUCCEEDED);

    List<Measurement> points = Warehouse.open("wh", directory).gates().newest("taxi", "trips", 9);
    assertThat(points)
        .extracting(Measurement::verdict)
        .containsExactly(Verdict.PASS, Verdict.REJECT, Verdict.PASS, Verdict.PASS, Verdict.PASS);
    assertThat(points.get(1).metrics())
        .containsEntry("Column.fare.Mean", 56.0)
        .containsEntry("Dataset.*.RowCount", 40.0)
        .containsKeys("Column.fare.Mean.lower", "Column.fare.Mean.upper")
        .containsKey("Column.fare.Quantile(0.5)");
    assertThat(Warehouse.open("wh", directory).gates().newest("taxi", "raw", 9)).hasSize(6);

    assertThat(taxi.command("gates", "history", "taxi/raw", "rows-alike"))
        .startsWith("0\nDataset.*.RowCount  ██▇█▁█")
        .containsPattern(" 10 +20 +reject");
  }

  private RunReport month(EngineHarness taxi, double fare, int rows) throws IOException {
    StringBuilder text = new StringBuilder("id,fare\n");
    for (int i = 0; i < rows; i++) {
      text.append(i).append(',').append(fare).append('\n');
    }
    Files.writeString(directory.resolve("trips.csv"), text);
    return taxi.run();
  }
}
