package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Evaluate.Task;
import io.mlpipeline.testkit.TestSpark;
import java.util.SortedMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.DecisionTreeClassifier;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.ml.regression.DecisionTreeRegressor;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Models of other tasks than two classes, against MLlib's own evaluators. */
class EvaluateTasksIT {

  private static Dataset<Row> rows;

  @BeforeAll
  static void make() {
    TestSpark.session();
    rows =
        Customers.rows(800)
            .na()
            .fill(7)
            .selectExpr(
                "*",
                "if(tenure < 20, 'Gone Soon', if(charge > 60, 'rich', region)) AS kind",
                "if(tenure < 20, 2, if(charge > 60, 1, 0)) AS level",
                "customer_id % 40 AS user",
                "customer_id % 7 AS item",
                "cast(1 + pmod(hash(customer_id % 40, 9) + hash(customer_id % 7, 8), 5) AS float)"
                    + " AS rating")
            .cache();
  }

  @Test
  void measuresClassesByTheirNames() {
    Transformer model =
        pipeline(
            rows,
            vector("tenure", "charge"),
            new StringIndexer().setInputCol("kind").setOutputCol("y"),
            new DecisionTreeClassifier().setLabelCol("y").setMaxDepth(3),
            new IndexToString().setInputCol("prediction").setOutputCol("said").setLabels(kinds()));
    StepOutput output = evaluate(rows, model, EvaluateParams.of("kind").slices("region"));
    SortedMap<String, Double> metrics = output.metrics();
    for (String[] pair :
        new String[][] {
          {"accuracy", "accuracy"},
          {"weighted_f1", "weightedFMeasure"},
          {"weighted_precision", "weightedPrecision"},
          {"log_loss", "logLoss"}
        }) {
      double expected =
          new MulticlassClassificationEvaluator()
              .setLabelCol("y")
              .setMetricName(pair[1])
              .evaluate(model.transform(rows));
      assertThat(metrics.get("m_model." + pair[0])).as(pair[0]).isEqualTo(expected, within(1e-9));
    }
    Dataset<Row> gone = model.transform(rows).where("kind = 'Gone Soon'");
    assertThat(metrics.get("m_model.recall_gone_soon"))
        .isEqualTo((double) gone.where("said = kind").count() / gone.count())
        .isGreaterThan(0.9);
    assertThat(metrics)
        .containsKeys("m_model.macro_f1", "m_model.accuracy[region=eu]", "m_model.precision_rich");
  }

  private static String[] kinds() {
    return new StringIndexer().setInputCol("kind").setOutputCol("i").fit(rows).labelsArray()[0];
  }

  @Test
  void takesNumbersForClassesAndAsksForNamesOfTexts() {
    Transformer model =
        pipeline(
            rows,
            vector("tenure", "charge"),
            new DecisionTreeClassifier().setLabelCol("level").setMaxDepth(4));
    assertThat(evaluate(rows, model, EvaluateParams.of("level")).metrics())
        .containsKeys("m_model.recall_0", "m_model.precision_2")
        .containsEntry("m_model.recall_1", 1.0);
    assertThatThrownBy(() -> evaluate(rows, model, EvaluateParams.of("kind")))
        .hasMessageContaining("model m_model does not say which value of label kind")
        .hasMessageContaining("IndexToString");
    assertThatThrownBy(() -> evaluate(rows.where("level = 1"), model, EvaluateParams.of("level")))
        .hasMessageContaining("label level has one value only: 1");
  }

  @Test
  void measuresNumbers() {
    Transformer model =
        pipeline(
            rows,
            vector("tenure"),
            new DecisionTreeRegressor().setLabelCol("charge").setMaxDepth(3));
    SortedMap<String, Double> metrics =
        new Evaluate()
            .run(
                StepTestContext.of("rows", rows).with("m", model).with("champion", model),
                EvaluateParams.of("charge").slices("region").build())
            .metrics();
    for (String metric : new String[] {"rmse", "mae", "r2"}) {
      double expected =
          new RegressionEvaluator()
              .setLabelCol("charge")
              .setMetricName(metric)
              .evaluate(
                  model.transform(rows.withColumn("charge", functions.expr("double(charge)"))));
      assertThat(metrics.get("m_model." + metric)).isEqualTo(expected, within(1e-9));
      assertThat(metrics).containsEntry("m_model." + metric + "_gain_high", 0.0);
    }
    assertThat(metrics).containsKeys("m_model.mape", "m_model.bias", "champion.rmse[region=us]");
    assertThatThrownBy(
            () ->
                evaluate(
                    rows.withColumn("charge", functions.lit(5)),
                    model,
                    EvaluateParams.of("charge")))
        .hasMessageContaining("label charge has one value only: 5.0");
  }

  @Test
  void measuresRatingsAndKeepsRowsOfStrangers() {
    Dataset<Row> known = rows.where("user < 30");
    Transformer model =
        new ALS()
            .setUserCol("user")
            .setItemCol("item")
            .setRank(2)
            .setMaxIter(2)
            .setSeed(1)
            .setColdStartStrategy("drop")
            .fit(known.withColumn("user", functions.expr("int(user)")));
    SortedMap<String, Double> metrics =
        evaluate(rows, model, EvaluateParams.of("rating")).metrics();
    double expected =
        new RegressionEvaluator().setLabelCol("rating").evaluate(model.transform(rows));
    assertThat(metrics.get("m_model.rmse")).isEqualTo(expected, within(1e-9));
    assertThat(metrics)
        .containsEntry("m_model.rows", 800.0)
        .containsEntry("m_model.coverage", 0.75);
    assertThat(metrics.get("m_model.ndcg_at_10")).isBetween(0.5, 1.0);
  }

  @Test
  void measuresClusters() {
    Transformer model = pipeline(rows, vector("tenure", "charge"), new KMeans().setK(3).setSeed(5));
    SortedMap<String, Double> metrics =
        evaluate(rows, model, EvaluateParams.of("").slices("region")).metrics();
    Dataset<Row> scored = model.transform(rows);
    assertThat(metrics.get("m_model.silhouette"))
        .isEqualTo(new ClusteringEvaluator().evaluate(scored), within(1e-9));
    assertThat(metrics).containsEntry("m_model.clusters", 3.0);
    for (int cluster = 0; cluster < 3; cluster++) {
      assertThat(metrics)
          .containsEntry(
              "m_model.cluster_rows_" + cluster,
              (double) scored.where("prediction = " + cluster).count());
    }
    assertThat(metrics.get("m_model.cost_per_row"))
        .isEqualTo(metrics.get("m_model.cost") / 800, within(1e-9));
    assertThat(
            evaluate(
                    rows.repartition(5).orderBy(functions.rand(3)),
                    model,
                    EvaluateParams.of("").slices("region"))
                .metrics())
        .isEqualTo(metrics);
  }

  @Test
  void refusesModelsOfDifferentTasks() {
    Transformer numbers =
        pipeline(rows, vector("tenure"), new DecisionTreeRegressor().setLabelCol("charge"));
    Transformer clusters = pipeline(rows, vector("tenure"), new KMeans().setK(2).setSeed(5));
    StepTestContext both =
        StepTestContext.of("rows", rows).with("a", numbers).with("champion", clusters);
    assertThatThrownBy(() -> new Evaluate().run(both, EvaluateParams.of("charge").build()))
        .hasMessageContaining(
            "different tasks cannot be measured together:"
                + " {a_model=regression, champion (champion_model)=clustering}");
    assertThatThrownBy(() -> evaluate(rows, numbers, EvaluateParams.of("").task(Task.CLUSTERING)))
        .hasMessageContaining("model m_model has no stage that finds clusters");
  }

  private static StepOutput evaluate(Dataset<Row> rows, Transformer model, EvaluateParams params) {
    return new Evaluate().run(StepTestContext.of("rows", rows).with("m", model), params.build());
  }

  private static VectorAssembler vector(String... columns) {
    return new VectorAssembler().setInputCols(columns).setOutputCol("features");
  }

  private static Transformer pipeline(Dataset<Row> rows, PipelineStage... stages) {
    return new Pipeline().setStages(stages).fit(rows);
  }
}
