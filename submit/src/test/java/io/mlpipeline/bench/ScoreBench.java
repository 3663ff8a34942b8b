package io.mlpipeline.bench;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Step {@code score} against the same by hand: MLlib's {@code transform}, and a Delta write. Warm,
 * in one JVM and in turn; the engine's side is the step alone, with checks of skew, digest and
 * commit. {@code -Pbench -Dbench.workload=score} runs it; {@code bench.rows} says of how many rows
 * (1 million), {@code bench.pairs} how often (5).
 */
class ScoreBench {

  private static final String PIPELINE =
      """
      pipeline: bench_score
      inputs { raw: { files: "RAW", format: parquet } }
      steps {
        features {
          uses: sql, inputs { raw: raw }
          params { query: "SELECT * FROM raw" }
          outputs { features: { as: features } }
        }
        train_rows {
          uses: sql, inputs { features: features }
          params { query: "SELECT * FROM features WHERE id % 50 = 0" }
          outputs { rows: { as: train_rows } }
        }
        train {
          uses: train-classifier, inputs { rows: train_rows }
          params { label: label, algorithm: logistic-regression, key: [id], categorical: [plan],
                   numeric: [x0, x1, x2, x3, x4, x5, x6, x7], learner { max-iter: 20 } }
          outputs { model: { as: model } }
        }
        score {
          uses: score, inputs { rows: features, model: model }
          params { key: [id] }
          outputs { scores: {} }
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void measures() throws Exception {
    if (!Arrays.asList(System.getProperty("bench.workload", "").split(",")).contains("score")) {
      return;
    }
    long rows = Long.getLong("bench.rows", 1_000_000);
    int pairs = Integer.getInteger("bench.pairs", 5);
    SparkSession spark = TestSpark.session();
    Path pipeline = directory.resolve("bench.conf");
    Files.writeString(pipeline, PIPELINE.replace("RAW", directory.resolve("raw").toString()));
    makeRows(spark, rows);
    try (Engine engine = Engine.within(spark)) {
      RunReport all = run(engine, pipeline, RunRequest.ALL);
      List<Double> ours = new ArrayList<>();
      List<Double> byHand = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round <= pairs; round++) {
        double engines = step(run(engine, pipeline, forced()), "score").seconds();
        double hands = byHand(spark, all, round);
        if (round > 0) {
          ours.add(engines);
          byHand.add(hands);
          ratios.add(hands / engines);
        }
      }
      ColdRunBench.publish(
          String.format(
              Locale.ROOT,
              "score: %,d rows: step score %.2f s, by hand %.2f s; throughput %.2f of by hand%n",
              rows,
              ColdRunBench.median(ours),
              ColdRunBench.median(byHand),
              ColdRunBench.median(ratios)));
    }
  }

  private void makeRows(SparkSession spark, long rows) {
    List<String> columns = new ArrayList<>(List.of("id", "int(rand(0) < 0.3) AS label"));
    for (int i = 0; i < 8; i++) {
      columns.add("rand(" + (i + 1) + ") * 100 AS x" + i);
    }
    columns.add("element_at(array('basic', 'standard', 'premium'), 1 + int(id % 3)) AS plan");
    spark
        .range(rows)
        .selectExpr(columns.toArray(String[]::new))
        .write()
        .mode("overwrite")
        .parquet(directory.resolve("raw").toString());
  }

  private static RunRequest forced() {
    return new RunRequest("score", null, null, Set.of("score"), false);
  }

  /** What one would write for oneself: load, transform, select, write. */
  private double byHand(SparkSession spark, RunReport report, int round) {
    Path warehouse = directory.resolve("wh");
    OutputVersion model = output(report, "model");
    OutputVersion features = output(report, "features");
    long start = System.nanoTime();
    PipelineModel.load(warehouse.resolve(model.uri()).toString())
        .transform(spark.read().format("delta").load(warehouse.resolve(features.uri()).toString()))
        .select(
            col("id"),
            col("prediction"),
            vector_to_array(col("probability"), "float64").getItem(1).as("probability"))
        .write()
        .format("delta")
        .mode("overwrite")
        .save(directory.resolve("by-hand-" + round).toString());
    return (System.nanoTime() - start) / 1e9;
  }

  private RunReport run(Engine engine, Path pipeline, RunRequest request) throws Exception {
    RunReport report =
        engine.run(
            planning(pipeline),
            request,
            new RunOptions(1, RunOptions.OnFailure.STOP),
            new RunListener() {});
    if (report.status() != RunStatus.SUCCEEDED) {
      throw new IllegalStateException(String.valueOf(report.failure()));
    }
    return report;
  }

  private Planning planning(Path pipeline) {
    return Planning.open(
        new PlanningOptions(
            pipeline,
            directory,
            "local",
            Map.of(),
            directory.resolve("wh").toString(),
            List.of(),
            Map.of(),
            PlanningOptions.Verification.QUICK,
            InstantSource.system()));
  }

  private static StepReport step(RunReport report, String name) {
    return report.steps().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static OutputVersion output(RunReport report, String name) {
    return report.steps().stream()
        .flatMap(s -> s.outputs().stream())
        .filter(o -> o.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
