package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.outcomes;
import static io.mlpipeline.cli.EngineHarness.outputs;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A challenger's way to production: trained, registered, promoted and tried on a few by hand. */
class CanaryIT {

  private static final int ROWS = 600;

  private static final String TRAINING =
      """
      pipeline: spend
      params { shrink: 0 }
      inputs {
        raw: { files: "rows.csv", format: csv }
        champion: { model: "spend@production", optional: true }
      }
      steps {
        ingest { uses: ingest, inputs { raw: raw }, outputs { rows: { as: rows, schema: rows-v1 } } }
        train {
          uses: train-regressor
          inputs { rows: rows }
          params {
            label: y, algorithm: linear-regression, learner { reg-param: ${params.shrink} }
            numeric: [x, z], key: [id], leakage: off
          }
          outputs { model: { as: fit } }
        }
        evaluate {
          uses: evaluate
          inputs { rows: rows, fit: fit, champion: champion }
          params { label: y, bootstrap: 100 }
          outputs { metrics: { as: metrics } }
        }
        register {
          uses: register
          inputs { model: fit, metrics: metrics }
          outputs { version: { as: spend } }
        }
      }
      models { spend { promotion {
        staging { require: ["candidate.rmse < 5"] }
        production { require: ["candidate.rmse < 5"] }
      } } }
      """;

  private static final String SERVING =
      """
      pipeline: serve
      params { most: 1 }
      inputs {
        rows: { table: ${warehouse}"/spend/rows" }
        champion: { model: "spend@production" }
        challenger: { model: "spend@staging", optional: true }
      }
      steps {
        score {
          uses: score
          inputs { rows: rows, model: champion, challenger: challenger }
          params { key: [id], mode: canary, canary: "10%" }
          outputs {
            scores: { keys: [id], mode: merge, gate: { block: ["RowCount = 600"] } }
            comparison: { gate: { block: [RULE] } }
          }
        }
      }
      """;

  private static final String RULE =
      "\"\"\"Satisfies \"challenger is null or mean_absolute_difference <="
          + " \"\"\"${params.most}\"\\\"\"";

  @TempDir Path directory;
  private Path training;
  private EngineHarness serving;

  @BeforeEach
  void writeTwoPipelines() throws IOException {
    StringBuilder csv = new StringBuilder("id,x,z,y\n");
    for (int id = 0; id < ROWS; id++) {
      int x = id % 20;
      int z = id % 7;
      csv.append(id + "," + x + "," + z + "," + (3 * x + z + id % 3) + "\n");
    }
    Files.createDirectories(directory.resolve("schemas"));
    Files.writeString(directory.resolve("rows.csv"), csv);
    Files.writeString(
        directory.resolve("schemas/rows-v1.conf"), "columns { id: int, x: int, z: int, y: int }");
    training = Files.writeString(directory.resolve("spend.conf"), TRAINING);
    Path serve = Files.writeString(directory.resolve("serve.conf"), SERVING.replace("RULE", RULE));
    serving = EngineHarness.of(serve, directory.resolve("wh"));
  }

  @Tag("long")
  @Test
  void aChallengerServesAFewAndOnlyIfTheGateOfTheComparisonLetsIt() {
    train("1.0.0", "0");
    promote("1.0.0", "staging");
    promote("1.0.0", "production");
    assertThat(serving.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(served()).isEqualTo(Map.of("champion spend@1.0.0", (long) ROWS));

    train("1.1.0", "0.1");
    promote("1.1.0", "staging");
    RunReport aborted = serving.with("params.most", "1e-9").run();
    assertThat(aborted.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(outcomes(aborted)).containsEntry("score", "execute rejected");
    assertThat(served()).as("as before").isEqualTo(Map.of("champion spend@1.0.0", (long) ROWS));
    assertThat(table("comparison").where("challenger is not null").isEmpty()).isTrue();

    RunReport canary = serving.run();
    assertThat(canary.status()).as("%s", canary.failure()).isEqualTo(RunStatus.SUCCEEDED);
    long byChallenger = served().get("challenger spend@1.1.0");
    assertThat(byChallenger).isBetween(ROWS / 20L, ROWS / 5L);
    assertThat(served()).containsEntry("champion spend@1.0.0", ROWS - byChallenger).hasSize(2);
    Row compared = table("comparison").head();
    assertThat(compared.<String>getAs("champion")).isEqualTo("spend@1.0.0");
    assertThat(compared.<String>getAs("challenger")).isEqualTo("spend@1.1.0");
    assertThat(compared.<Long>getAs("served_by_challenger")).isEqualTo(byChallenger);
    assertThat(compared.<Double>getAs("mean_absolute_difference")).isBetween(1e-6, 1.0);

    promote("1.1.0", "production");
    assertThat(serving.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(served()).isEqualTo(Map.of("champion spend@1.1.0", (long) ROWS));
  }

  private void train(String version, String shrink) {
    RunReport report =
        EngineHarness.of(training, serving.warehouse()).with("params.shrink", shrink).run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(outputs(report)).containsKey("spend");
    assertThat(command("show", "spend")).contains(version);
  }

  private void promote(String version, String stage) {
    assertThat(command("promote", "spend@" + version, "--to", stage))
        .startsWith("0\n")
        .contains("promoted spend@" + version, "to " + stage);
  }

  private String command(String command, String... args) {
    String[] words = new String[args.length + 2];
    words[0] = "models";
    words[1] = command;
    System.arraycopy(args, 0, words, 2, args.length);
    if (!command.equals("promote")) {
      return serving.command(words);
    }
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--pipeline";
    all[words.length + 1] = training.toString();
    return serving.command(all);
  }

  /** How many rows were served by whom. */
  private Map<String, Long> served() {
    Map<String, Long> served = new TreeMap<>();
    for (Row row : table("scores").groupBy("served_by", "model").count().collectAsList()) {
      served.put(row.getString(0) + " " + row.getString(1), row.getLong(2));
    }
    return served;
  }

  private Dataset<Row> table(String name) {
    Path path = serving.warehouse().resolve("serve").resolve(name);
    return TestSpark.session().read().format("delta").load(path.toString());
  }
}
