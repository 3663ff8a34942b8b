package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.edit;
import static io.mlpipeline.cli.EngineHarness.forcing;
import static io.mlpipeline.cli.EngineHarness.identities;
import static io.mlpipeline.cli.EngineHarness.outcomes;
import static io.mlpipeline.cli.EngineHarness.step;
import static io.mlpipeline.cli.EngineHarness.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.testkit.Folders;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The churn pipeline on the sample: run once, then changed in many ways, each on its own copy. */
class PipelineIT {

  private static final List<String> STEPS =
      List.of(
          "choose",
          "evaluate",
          "features",
          "ingest_customers",
          "ingest_events",
          "split",
          "train_lr",
          "train_rf");

  @TempDir static Path shared;
  private static RunReport first;

  @TempDir Path temp;
  private EngineHarness churn;

  @BeforeAll
  static void runsOnce() {
    first = harness(shared).run();
  }

  @BeforeEach
  void takesACopy() {
    Folders.copy(shared.resolve("warehouse"), temp.resolve("warehouse"));
    churn = harness(temp);
  }

  /** The conf folder is copied, so that what is edited is nobody else's. */
  private static EngineHarness harness(Path directory) {
    for (String folder : List.of("pipelines", "schemas", "env")) {
      Folders.copy(EngineHarness.CONF.resolve(folder), directory.resolve("conf/" + folder));
    }
    return EngineHarness.of(
            directory.resolve("conf/pipelines/churn.conf"), directory.resolve("warehouse"))
        .with("data", EngineHarness.CONF.resolve("sample-data").toString());
  }

  @Test
  void runsEveryStepAndFindsCandidatesThatKnowSomething() {
    assertThat(first.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(outcomes(first)).isEqualTo(all("execute succeeded"));
    Map<String, Double> metrics = step(first, "evaluate").metrics();
    assertThat(metrics.get("churn_lr.auc_roc")).isBetween(0.76, 0.86);
    assertThat(metrics.get("churn_rf.auc_roc")).isBetween(0.76, 0.86);
    Map<String, OutputVersion> outputs = EngineHarness.outputs(first);
    assertThat(outputs.get("churn_model").digest())
        .isIn(outputs.get("churn_lr").digest(), outputs.get("churn_rf").digest());
    assertThat(outputs.get("train_rows").rows() + outputs.get("holdout_rows").rows())
        .isEqualTo(outputs.get("features").rows());
  }

  @Test
  void reusesEverythingWithoutSparkElsewhereAndAtOnce() {
    RunReport again = churn.runWithoutSpark().orElseThrow();
    assertThat(outcomes(again)).isEqualTo(all("reuse reused"));
    assertThat(identities(again)).isEqualTo(identities(first));
    assertThat(versions(again)).isEqualTo(versions(first));
  }

  @Test
  void computesWhatAChangedParamReachesAndNothingElse() {
    RunReport report = churn.with("params.window-days", "14").run();
    Map<String, String> expected = all("execute succeeded");
    expected.put("ingest_customers", "reuse reused");
    expected.put("ingest_events", "reuse reused");
    assertThat(outcomes(report)).isEqualTo(expected);
    assertThat(step(report, "features").reason()).contains("30").contains("14");
    RunReport back = churn.run();
    assertThat(outcomes(back)).isEqualTo(all("reuse reused"));
    assertThat(identities(back)).isEqualTo(identities(first));
    assertThat(rows("features")).isEqualTo(EngineHarness.outputs(first).get("features").rows());
    assertThat(churn.runWithoutSpark()).as("restored once").isPresent();
  }

  @Test
  void judgesAgainWhatAChangedGateGuardsAndComputesNothing() {
    edit(churn.pipeline(), "RowCount > 20\"", "RowCount > 21\"");
    RunReport tightened = churn.run();
    assertThat(outcomes(tightened)).isEqualTo(allBut("split", "reaudit succeeded"));
    assertThat(versions(tightened)).isEqualTo(versions(first));
    edit(churn.pipeline(), "RowCount > 21\"", "RowCount > 2\"");
    assertThat(outcomes(churn.run())).isEqualTo(allBut("split", "reaudit succeeded"));
    assertThat(churn.runWithoutSpark()).isPresent();
  }

  @Test
  void rejectsPublishedRowsUnderATighterGateAndLeavesThemVisible() {
    edit(churn.pipeline(), "RowCount > 20\"", "RowCount > 2000000\"");
    RunReport report = churn.run();
    assertThat(report.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(step(report, "split").decision()).isEqualTo("reaudit");
    assertThat(head("holdout_rows")).isEqualTo(versions(first).get("holdout_rows"));
    edit(churn.pipeline(), "RowCount > 2000000\"", "RowCount > 20\"");
    assertThat(churn.runWithoutSpark()).isPresent();
  }

  @Test
  void doesNothingAboutCommentsAndLayout() {
    edit(churn.pipeline(), "steps {", "# a remark\nsteps   {\n\n");
    edit(churn.pipeline(), "outputs { model: { as: churn_lr } }", "outputs.model.as = churn_lr");
    Path query = churn.pipeline().resolveSibling("churn-features.sql");
    edit(query, "WITH span AS (", "-- more words\nWITH   span\n AS ( /* and more */");
    assertThat(outcomes(churn.runWithoutSpark().orElseThrow())).isEqualTo(all("reuse reused"));
    edit(query, "< 7)", "< 8)");
    assertThat(churn.plan().nothingToDo()).as("a changed query is a change").isFalse();
  }

  @Test
  void stopsAForcedChangeWhereTheRowsAreTheSame() {
    RunReport report = churn.run(forcing("split"));
    assertThat(outcomes(report)).isEqualTo(allBut("split", "execute unchanged"));
    assertThat(versions(report)).isEqualTo(versions(first));
    assertThat(head("train_rows")).isEqualTo(versions(first).get("train_rows"));
    assertThat(churn.runWithoutSpark()).isPresent();
  }

  @Test
  void publishesNothingThatAGateRejectsAndSaysWhereItIsKept() {
    edit(churn.pipeline(), "IsComplete \"logins\"", "Mean \"logins\" > 1000000");
    RunReport report = churn.with("params.window-days", "21").run();
    assertThat(report.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(step(report, "features").outputs()).isEmpty();
    assertThat(head("features")).isEqualTo(versions(first).get("features"));
    assertThat(outcomes(report)).containsEntry("split", "blocked skipped");
    String shown = churn.command("runs", "show", report.runId().value());
    assertThat(shown).startsWith("0\n").contains("rows of features, rejected:");
    List<Path> kept =
        shown.lines().map(String::strip).filter(l -> l.endsWith(".parquet")).map(Path::of).toList();
    assertThat(kept).isNotEmpty().allSatisfy(file -> assertThat(file).exists());
    edit(churn.pipeline(), "Mean \"logins\" > 1000000", "Mean \"logins\" > 0");
    RunReport loosened = churn.with("params.window-days", "21").run();
    assertThat(outcomes(loosened)).containsEntry("features", "reaudit succeeded");
    assertThat(head("features")).isEqualTo(versions(first).get("features") + 1);
  }

  @Test
  void putsBackWhatSomebodyElseAppended() {
    Dataset<Row> foreign = delta("customers").limit(3);
    foreign.write().format("delta").mode("append").save(table("customers"));
    long rows = EngineHarness.outputs(first).get("customers").rows();
    assertThat(rows("customers")).isEqualTo(rows + 3);
    assertThat(churn.runWithoutSpark()).as("somebody wrote to a table of ours").isEmpty();
    RunReport report = churn.run();
    assertThat(outcomes(report)).isEqualTo(all("reuse reused"));
    assertThat(rows("customers")).isEqualTo(rows);
    assertThat(head("customers")).isEqualTo(2);
    assertThat(churn.runWithoutSpark()).isPresent();
  }

  @Tag("long")
  @Test
  void doesNotMindOptimizeAndVacuum() {
    Dataset<Row> rows = delta("customers").repartition(4);
    rows.write()
        .format("delta")
        .option("dataChange", "false")
        .mode("overwrite")
        .save(table("customers"));
    TestSpark.session().sql("OPTIMIZE delta.`" + table("customers") + "`");
    assertThat(head("customers")).isGreaterThanOrEqualTo(2);
    assertThat(outcomes(churn.runWithoutSpark().orElseThrow())).isEqualTo(all("reuse reused"));
    var conf = TestSpark.session().conf();
    conf.set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
    try {
      TestSpark.session().sql("VACUUM delta.`" + table("customers") + "` RETAIN 0 HOURS");
    } finally {
      conf.unset("spark.databricks.delta.retentionDurationCheck.enabled");
    }
    assertThat(outcomes(churn.runWithoutSpark().orElseThrow())).isEqualTo(all("reuse reused"));
    RunReport forced = churn.run(forcing("features"));
    assertThat(outcomes(forced)).isEqualTo(allBut("features", "execute unchanged"));
  }

  private static Map<String, String> all(String outcome) {
    Map<String, String> all = new TreeMap<>();
    STEPS.forEach(step -> all.put(step, outcome));
    return all;
  }

  private static Map<String, String> allBut(String step, String outcome) {
    Map<String, String> all = all("reuse reused");
    all.put(step, outcome);
    return all;
  }

  private String table(String name) {
    return churn.warehouse().resolve("churn").resolve(name).toString();
  }

  private Dataset<Row> delta(String name) {
    return TestSpark.session().read().format("delta").load(table(name));
  }

  private long rows(String name) {
    return delta(name).count();
  }

  private long head(String name) {
    return churn.open().warehouse().tables().findHead("churn/" + name).orElseThrow();
  }
}
