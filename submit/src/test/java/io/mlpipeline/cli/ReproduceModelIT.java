package io.mlpipeline.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.mlpipeline.Engine;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.plan.Reproduced;
import io.mlpipeline.plan.Reproduced.Outcome;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.reproduce.Reproducer;
import io.mlpipeline.testkit.Folders;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scores that are made again, and models of which nothing but the card is left. There is a version
 * in production, what it scored, and another version after it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproduceModelIT {

  private static final String RISK =
      """
      pipeline: risk
      params { scale: 1 }
      inputs { raw: { files: ${data}"/rows.csv", format: csv, schema: raw-v1 } }
      steps {
        rows {
          uses: sql
          inputs { raw: raw }
          params { arguments { scale: ${params.scale} }, non-deterministic: true
                   query: "select id, x * :scale as x, z, y, rand() as lot from raw" }
          outputs { rows: { as: rows } }
        }
        train {
          uses: train-classifier
          inputs { rows: rows }
          params { algorithm: logistic-regression, key: [id], label: y, numeric: [x, z], learner { max-iter: 9 } }
          outputs { model: { as: fit } }
        }
        evaluate {
          uses: evaluate
          inputs { rows: rows, fit: fit }
          params { label: y }
          outputs { metrics: { as: evaluation } }
        }
        register {
          uses: register
          inputs { model: fit, metrics: evaluation }
          outputs { version: { as: risk } }
        }
      }
      models { risk { automatic: production } }
      """;

  private static final String SCORE =
      """
      pipeline: risk_score
      inputs {
        rows: { table: ${warehouse}"/risk/rows" }
        champion: { model: "risk@production" }
      }
      steps {
        score {
          uses: score
          inputs { rows: rows, model: champion }
          params { key: [id] }
          outputs { scores: { keys: [id], mode: merge } }
        }
      }
      """;

  private Path temp;
  private RunReport scored;

  @BeforeAll
  void trainsAndScores(@TempDir Path directory) throws IOException {
    temp = directory;
    Path pipelines = Files.createDirectories(temp.resolve("conf/pipelines"));
    Files.createDirectories(temp.resolve("conf/schemas"));
    Files.writeString(
        temp.resolve("conf/schemas/raw-v1.conf"),
        "columns { id: \"bigint\", x: \"int\", z: \"int\", y: \"int\" }\n");
    Files.writeString(pipelines.resolve("risk.conf"), RISK);
    Files.writeString(pipelines.resolve("risk-score.conf"), SCORE);
    Files.createDirectories(temp.resolve("data"));
    Files.writeString(temp.resolve("data/rows.csv"), rows());
    succeeds(risk().run());
    scored = succeeds(in("warehouse", "risk-score.conf").run());
    succeeds(
        risk().with("params.scale", "2").with("steps.train.params.learner.max-iter", "2").run());
    Folders.copy(temp.resolve("warehouse"), temp.resolve("forgotten"));
  }

  private static String rows() {
    StringBuilder csv = new StringBuilder("id,x,z,y\n");
    for (int id = 0; id < 120; id++) {
      int x = id % 10;
      int y = 3 * x + id * 13 % 17 > 20 ? 1 : 0;
      csv.append(id + "," + x + "," + id * 37 % 11 + "," + y + "\n");
    }
    return csv.toString();
  }

  private EngineHarness risk() {
    return in("warehouse", "risk.conf").with("data", temp.resolve("data").toString());
  }

  private EngineHarness in(String warehouse, String pipeline) {
    return EngineHarness.of(
        temp.resolve("conf/pipelines").resolve(pipeline), temp.resolve(warehouse));
  }

  private static RunReport succeeds(RunReport report) {
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    return report;
  }

  private <T> T again(Path warehouse, Map<String, String> said, Function<Reproducer, T> work) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      Warehouse opened = Warehouse.open(warehouse.toString(), temp);
      return work.apply(new Reproducer(opened, engine, Map.of()).saying(said));
    }
  }

  private Reproduced scores(Path warehouse) {
    String run = scored.runId().value();
    return again(warehouse, Map.of(), all -> all.run(run, null, Reproducer.Scratch.REMOVED))
        .steps()
        .get(0);
  }

  @Test
  void scoresComeOutAgainByTheModelAndTheRowsOfThenOrItIsSaidWhyNot() {
    Path warehouse = temp.resolve("warehouse");
    Reproduced identical = scores(warehouse);
    assertThat(identical.why()).as("of rows and a model that were replaced since").isEmpty();
    assertThat(identical.outcome()).isEqualTo(Outcome.IDENTICAL);

    recordedOtherwise(warehouse, col("probability").plus(1e-13), 1);
    Reproduced equivalent = scores(warehouse);
    assertThat(equivalent.outcome()).as("%s", equivalent.why()).isEqualTo(Outcome.EQUIVALENT);
    assertThat(equivalent.why())
        .containsExactly("scores: column probability differs, by less than 1e-9 of it");

    recordedOtherwise(warehouse, col("probability").multiply(0.5), 2);
    DeltaTable.forPath(TestSpark.session(), warehouse.resolve("_ml/lineage").toString())
        .update(
            col("pipeline").equalTo("risk_score"),
            Map.of("ingredients", transform(col("ingredients"), ReproduceModelIT::ofAnotherSpark)));
    Reproduced drifted = scores(warehouse);
    assertThat(drifted.outcome()).isEqualTo(Outcome.DRIFTED);
    assertThat(drifted.why().get(0)).contains("spark 3.4").contains("-> 3.5");
    assertThat(drifted.why().get(1)).isEqualTo("scores: column probability differs");

    remove(warehouse.resolve("_ml/models/risk/fit"));
    Reproduced impossible = scores(warehouse);
    assertThat(impossible.outcome()).isEqualTo(Outcome.IMPOSSIBLE);
    assertThat(impossible.why()).hasSize(1).allMatch(why -> why.startsWith("model risk/fit m1:"));
  }

  /** As if the run had been on another machine, whose last digits, or more, were others. */
  private static void recordedOtherwise(Path warehouse, Column probability, int nth) {
    DeltaTable scores =
        DeltaTable.forPath(TestSpark.session(), warehouse.resolve("risk_score/scores").toString());
    scores.restoreToVersion(0);
    scores.update(Map.of("probability", probability));
    long version = scores.history(1).head().getAs("version");
    String digest = "c1:120:" + "0".repeat(31) + nth;
    DeltaTable.forPath(TestSpark.session(), warehouse.resolve("_ml/lineage").toString())
        .update(
            col("pipeline").equalTo("risk_score"),
            Map.of(
                "outputs",
                transform(
                    col("outputs"),
                    one ->
                        one.withField("digest", lit(digest)).withField("version", lit(version)))));
  }

  private static Column ofAnotherSpark(Column one) {
    Column isSpark =
        one.getField("name").equalTo("spark").and(one.getField("kind").equalTo("platform"));
    return one.withField("value", when(isSpark, lit("3.4")).otherwise(one.getField("value")));
  }

  @Tag("long")
  @Test
  void aCardAloneSaysHowItsModelIsMadeAndWhatItCannotKnow() throws IOException {
    Path warehouse = temp.resolve("forgotten");
    for (String gone : List.of("receipts", "lineage", "config", "last", "reuse")) {
      remove(warehouse.resolve("_ml").resolve(gone));
    }
    Map<String, String> data = Map.of("data", temp.resolve("data").toString());
    ModelCard first = card(warehouse, "1.0.0");
    List<Reproduced> whole =
        again(warehouse, data, all -> all.version(first, null, Reproducer.Scratch.REMOVED)).steps();
    assertThat(whole).extracting(Reproduced::step).containsExactly("rows", "train");
    assertThat(whole.get(0).outcome()).isEqualTo(Outcome.EQUIVALENT);
    assertThat(whole.get(0).why())
        .containsExactly(
            "rows: column lot differs", "the step is declared to give other results each time");
    assertThat(whole.get(1).why()).isEmpty();
    assertThat(whole.get(1).outcome()).isEqualTo(Outcome.IDENTICAL);

    String run = card(warehouse, "1.1.0").run();
    Reproduced drifted = step(warehouse, data, run, "train");
    assertThat(drifted.outcome()).isEqualTo(Outcome.DRIFTED);
    assertThat(drifted.why().get(0))
        .startsWith("params.learner {")
        .contains("max-iter")
        .contains("2")
        .contains("9");
    Map<String, String> said =
        Map.of("data", temp.resolve("data").toString(), "steps.train.params.learner.max-iter", "2");
    assertThat(step(warehouse, said, run, "train").outcome()).isEqualTo(Outcome.IDENTICAL);
    assertThatThrownBy(() -> step(warehouse, Map.of(), run, "train"))
        .hasMessageContaining("${data} is not defined")
        .hasMessageContaining("the card of risk@1.1.0 does not hold what --set said then");

    remove(warehouse.resolve("risk/rows"));
    Reproduced lost = step(warehouse, data, run, "train");
    assertThat(lost.outcome()).isEqualTo(Outcome.IMPOSSIBLE);
    assertThat(lost.why()).containsExactly("version 1 of table risk/rows cannot be read any more");
  }

  private Reproduced step(Path warehouse, Map<String, String> said, String run, String step) {
    return again(warehouse, said, all -> all.run(run, step, Reproducer.Scratch.REMOVED))
        .steps()
        .get(0);
  }

  private ModelCard card(Path warehouse, String version) {
    Warehouse opened = Warehouse.open(warehouse.toString(), temp);
    return opened
        .registry()
        .state("risk")
        .find(SemanticVersion.parse(version))
        .flatMap(known -> opened.registry().findCard("risk", known.card()))
        .orElseThrow();
  }

  @Test
  void whatIsNotThereOrNotMeantIsRefusedBeforeAnythingStarts() {
    assertThat(refused("risk@9.9.9", null)).contains("there is no version 9.9.9 of model risk");
    assertThat(refused("risk@1.0.0", "train")).contains("--audit is of a run or a pipeline");
    assertThat(refused("r20200101-000000-abcdef", null))
        .contains("there is no run r20200101-000000-abcdef");
    assertThatThrownBy(
            () ->
                step(
                    temp.resolve("warehouse"),
                    Map.of("params.scale", "3"),
                    scored.runId().value(),
                    "score"))
        .hasMessageContaining("kept what --set said then");
  }

  private String refused(String what, @Nullable String audit) {
    List<String> args =
        audit == null ? List.of("reproduce", what) : List.of("reproduce", what, "--audit", audit);
    Ran ran = Ran.in(temp, args.toArray(String[]::new));
    assertThat(ran.code()).isEqualTo(2);
    return ran.err();
  }

  private static void remove(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
