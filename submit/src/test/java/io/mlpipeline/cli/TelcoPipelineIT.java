package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.identities;
import static io.mlpipeline.cli.EngineHarness.outcomes;
import static io.mlpipeline.cli.EngineHarness.outputs;
import static io.mlpipeline.cli.EngineHarness.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real customers of a telephone company, where {@code MLPIPELINE_DATA} or the folder beside us has
 * them.
 */
class TelcoPipelineIT {

  @TempDir Path temp;

  @Test
  void findsWhoCancels() {
    Path data = data();
    RunReport first = run(data, "first");
    assertThat(first.status()).as("%s", first.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(step(first, "ingest").metrics())
        .containsEntry("rows_read", 7043.0)
        .containsEntry("rows_published", 7043.0)
        .containsEntry("blank_values.TotalCharges", 11.0);
    assertThat(outputs(first).get("customers").rows()).isEqualTo(7043);
    String digest = outputs(first).get("telco_model").digest();
    String chosen =
        outputs(first).get("telco_lr").digest().equals(digest) ? "telco_lr" : "telco_rf";
    assertThat(outputs(first).get(chosen).digest()).isEqualTo(digest);
    assertThat(step(first, "evaluate").metrics().get(chosen + ".auc_roc")).isBetween(0.82, 0.87);
    promotesAndScores();
  }

  @Tag("long")
  @Test
  void makesTheSameTwiceAndSamplesWithItsModels() {
    Path data = data();
    RunReport first = run(data, "first");
    promotesAndScores();
    samplesWithModels(data);
    RunReport second = run(data, "second");
    assertThat(identities(second)).isEqualTo(identities(first));
    assertThat(step(second, "evaluate").metrics()).isEqualTo(step(first, "evaluate").metrics());
  }

  /** What the run brought to staging is promoted by hand, and another pipeline scores by it. */
  private void promotesAndScores() {
    Path scoring = EngineHarness.CONF.resolve("pipelines/telco-score.conf");
    EngineHarness other = EngineHarness.of(scoring, temp.resolve("first"));
    assertThat(outcomes(other.run())).containsEntry("score", "blocked failed");
    String promoted =
        other.command(
            "models",
            "promote",
            "telco@1.0.0",
            "--to",
            "production",
            "--pipeline",
            EngineHarness.CONF.resolve("pipelines/telco.conf").toString());
    assertThat(promoted).startsWith("0\n").contains("from staging to production");
    RunReport scored = other.run();
    assertThat(scored.status()).as("%s", scored.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(outputs(scored).get("scores").rows()).isEqualTo(7043);
    assertThat(outcomes(other.run())).containsEntry("score", "reuse reused");
    RunReport forced = other.run(EngineHarness.forcing("score"));
    assertThat(outcomes(forced)).containsEntry("score", "execute unchanged");
  }

  /** A champion, and models of steps that are left out, come to the sample; nothing goes back. */
  private void samplesWithModels(Path data) {
    Ran scored = sampled(data, "telco-score");
    assertThat(scored.code()).as(scored.err()).isZero();
    assertThat(scored.out())
        .contains("customers by customer_id")
        .containsPattern("score +succeeded");
    Ran evaluated = sampled(data, "telco", "--step", "evaluate");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out())
        .contains("telco_lr is read as published", "holdout_rows by customer_id")
        .containsPattern("evaluate +succeeded");
    assertThat(temp.resolve("first__sample-10pct/_ml/registry")).doesNotExist();
  }

  private Ran sampled(Path data, String pipeline, String... more) {
    List<String> words = new ArrayList<>(List.of("run", pipeline, "--sample", "10%"));
    words.addAll(List.of("--set", "data=" + data, "--warehouse", temp.resolve("first").toString()));
    words.addAll(List.of(more));
    return Ran.in(EngineHarness.CONF.getParent(), words.toArray(String[]::new));
  }

  private RunReport run(Path data, String warehouse) {
    return EngineHarness.of(
            EngineHarness.CONF.resolve("pipelines/telco.conf"), temp.resolve(warehouse))
        .with("data", data.toString())
        .run();
  }

  private static Path data() {
    String set = System.getenv("MLPIPELINE_DATA");
    Path data =
        set == null ? EngineHarness.CONF.getParent().resolve("../shared/data") : Path.of(set);
    assumeTrue(
        Files.isRegularFile(data.resolve("telco_churn/Telco-Customer-Churn.csv")),
        "the Telco data is not here: set MLPIPELINE_DATA to the folder that holds telco_churn");
    return data.toAbsolutePath().normalize();
  }
}
