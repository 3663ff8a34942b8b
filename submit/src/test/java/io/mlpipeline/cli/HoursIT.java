package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Engine;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline by hour whose days are made of their hours. */
class HoursIT {

  private static final String PIPELINE =
      """
      pipeline: clicks
      inputs { raw: { files: "raw/{hour:yyyyMMdd/HH}.csv", format: csv, schema: raw-v1 } }
      steps {
        clicks {
          uses: sql
          inputs { raw: { dataset: raw, partitions: each } }
          params { query: "SELECT date_format(at, \\"yyyy-MM-dd'T'HH\\") AS hour, amount FROM raw" }
          outputs { rows: { as: clicks, partition: hour, mode: partitions } }
        }
        rolling {
          uses: sql
          inputs { clicks: { dataset: clicks, partitions: "window(2h)" } }
          params { query: "SELECT hour, sum(sum(amount)) OVER (ORDER BY CAST(hour AS TIMESTAMP) RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND CURRENT ROW) AS amount FROM clicks GROUP BY hour" }
          outputs { rows: { as: rolling, partition: hour, mode: partitions } }
        }
        daily {
          uses: sql
          inputs { clicks: { dataset: clicks, partitions: hours } }
          params { query: "SELECT CAST(substr(hour, 1, 10) AS DATE) AS day, sum(amount) AS amount FROM clicks GROUP BY 1" }
          outputs { rows: { as: daily, partition: day, mode: partitions } }
        }
      }
      """;

  @TempDir Path temp;

  @BeforeEach
  void setUp() throws IOException {
    write("conf/pipelines/clicks.conf", PIPELINE);
    write("conf/schemas/raw-v1.conf", "columns { at: timestamp, amount: bigint }\n");
    hour("01", "22", 1);
    hour("01", "23", 10);
    hour("02", "00", 100);
    hour("02", "01", 1000);
  }

  private void write(String file, String text) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void hour(String day, String hour, int amount) throws IOException {
    String at = "2024-06-" + day + " " + hour + ":59:59";
    write(
        "conf/pipelines/raw/202406" + day + "/" + hour + ".csv",
        "at,amount\n" + at + "," + amount + "\n");
  }

  private EngineHarness harness(String warehouse) {
    return EngineHarness.of(temp.resolve("conf/pipelines/clicks.conf"), temp.resolve(warehouse));
  }

  private RunReport backfill(String from, String to) throws InterruptedException {
    PartitionChoice range =
        new PartitionChoice(
            PartitionTime.find(from).orElseThrow(),
            PartitionTime.find(to).orElseThrow(),
            0,
            PartitionChoice.Steps.BY_PARTITION);
    try (Engine engine = Engine.within(TestSpark.session())) {
      RunOptions options = new RunOptions(2, RunOptions.OnFailure.KEEP_GOING, 31);
      return engine.run(
          harness("wh").open(), RunRequest.ALL.of(range), options, new RunListener() {});
    }
  }

  private List<String> rows(String table) {
    return TestSpark.session()
        .read()
        .format("delta")
        .load(temp.resolve("wh/clicks/" + table).toString())
        .orderBy(table.equals("daily") ? "day" : "hour")
        .collectAsList()
        .stream()
        .map(Row::mkString)
        .toList();
  }

  @Test
  void hoursAreBackfilledAndALateOneRunsItsWindowsAndItsDay() throws Exception {
    RunReport first = backfill("2024-06-01T23", "2024-06-02T00");
    assertThat(first.status()).as("%s", first.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(rows("rolling")).containsExactly("2024-06-01T2310", "2024-06-02T00110");
    assertThat(rows("daily")).containsExactly("2024-06-0110", "2024-06-02100");
    assertThat(printed("2024-06-01", "2024-06-02T00"))
        .contains("clicks: 2 ok, 1 missing\n")
        .contains("  2024-06-01                        -.\n  2024-06-02  .\n")
        .contains("daily: 2 ok\n", "  2024-06  ..\n");

    assertThat(harness("wh").run().status()).isEqualTo(RunStatus.SUCCEEDED);
    hour("01", "23", 50);
    RunReport late = harness("wh").run();
    assertThat(EngineHarness.step(late, "clicks").reason())
        .isEqualTo("1 of 4 partitions: raw changed (2024-06-01T23)");
    assertThat(EngineHarness.step(late, "rolling").reason())
        .isEqualTo("2 of 4 partitions: clicks changed (2024-06-01T23, 2024-06-02T00)");
    assertThat(EngineHarness.step(late, "daily").reason())
        .isEqualTo("1 of 2 partitions: clicks changed (2024-06-01)");
    assertThat(rows("rolling"))
        .containsExactly(
            "2024-06-01T221", "2024-06-01T2351", "2024-06-02T00150", "2024-06-02T011100");
    assertThat(rows("daily")).containsExactly("2024-06-0151", "2024-06-021100");
    assertThat(EngineHarness.identities(late))
        .isEqualTo(EngineHarness.identities(harness("scratch").run()));
  }

  private String printed(String from, String to) {
    Ran ran =
        Ran.in(
            temp.resolve("conf/pipelines"),
            "backfill",
            "clicks.conf",
            "--from=" + from,
            "--to=" + to,
            "--dry-run",
            "--warehouse",
            temp.resolve("wh").toString());
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran.out();
  }
}
