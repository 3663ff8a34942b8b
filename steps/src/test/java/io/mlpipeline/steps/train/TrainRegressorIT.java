package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.spark.ml.ModelFiles;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Customers;
import io.mlpipeline.steps.StepTestContext;
import io.mlpipeline.steps.train.TrainRegressor.Algorithm;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class TrainRegressorIT {

  @TempDir Path warehouse;

  @BeforeEach
  void startSpark() {
    TestSpark.session();
  }

  @ParameterizedTest
  @EnumSource(names = {"LINEAR_REGRESSION", "GRADIENT_BOOSTED_TREES"})
  void givesTheSameModelWhateverTheOrderAndPartitionsOfTheRows(Algorithm algorithm) {
    assertTheSame(algorithm);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LINEAR_REGRESSION", "GRADIENT_BOOSTED_TREES"})
  void soDoTheOthers(Algorithm algorithm) {
    assertTheSame(algorithm);
  }

  private void assertTheSame(Algorithm algorithm) {
    TrainParams<TrainRegressor.Params> params = small(algorithm);
    StepOutput output = train(rows(400).repartition(2), params);
    StepOutput again = train(rows(400).repartition(4).orderBy(functions.rand(3)), params);
    assertThat(Predictions.of(again, rows(400))).isEqualTo(Predictions.of(output, rows(400)));
  }

  @Test
  void learnsMoreThanTheMean() {
    StepOutput output = train(rows(800), small(Algorithm.LINEAR_REGRESSION));
    PipelineModel model = (PipelineModel) output.models().get("model");
    assertThat(
            model
                .transform(rows(800, 1200))
                .selectExpr("1 - avg(pow(spend - prediction, 2)) / var_pop(spend)")
                .head()
                .getDouble(0))
        .isBetween(0.5, 0.99);
    assertThat(output.signatures().get("model").task()).isEqualTo("regression");
    assertThat(output.metrics()).containsKeys("iterations", "features", "label_min");
  }

  /** Every way to prepare a column, on rows with values and on a row without any. */
  @Test
  void preparesColumnsInEveryWayAndScoresRowsWithoutValues() {
    Dataset<Row> rows = prepared(rows(300));
    TrainParams<TrainRegressor.Params> params =
        small(Algorithm.LINEAR_REGRESSION)
            .numeric("tenure", "charge", "usage.rate")
            .with("hashed", List.of("city"))
            .with("hashSize", 16)
            .with("text", List.of("note"))
            .with("textSize", 32)
            .with("dates", List.of("day", "seen"))
            .with("fill", Map.of("tenure", "-1", "charge", "mean"))
            .with("indicateMissing", List.of("tenure"))
            .with(
                "buckets",
                Map.of("charge", List.of("30", "60"), "usage.rate", List.of("quantiles 4")))
            .with("scale", FeatureParams.Scale.STANDARD);
    PipelineModel model = (PipelineModel) train(rows, params).models().get("model");
    Vector first = vector(model, rows.where("customer_id = 13"));
    // tenure, four parts of a date, five of a timestamp, whether tenure is absent; plan, region,
    // two
    // bucketed columns; 16 hashed; 32 of words.
    assertThat(first.size()).isEqualTo(1 + 4 + 5 + 1 + 4 + 4 + 3 + 4 + 16 + 32);
    assertThat(first.apply(10)).as("tenure of 13 is absent").isEqualTo(1.0);
    assertThat(vector(model, rows.where("customer_id = 14")).apply(10)).isZero();
    Dataset<Row> empty =
        TestSpark.session()
            .createDataFrame(
                List.of(org.apache.spark.sql.RowFactory.create(new Object[rows.columns().length])),
                nullable(rows));
    assertThat(model.transform(empty).select("prediction").head().getDouble(0)).isFinite();
    ModelFiles.write(model, "model", "m", warehouse.toUri().toString(), "prepared");
  }

  @Test
  void bringsNumbersToScaleWithTheMeanAndTheDeviationOfTheRows() {
    Dataset<Row> rows = sql("SELECT * FROM VALUES (1D, 5D), (3D, 6D), (null, 8D) AS t(x, spend)");
    TrainParams<TrainRegressor.Params> params =
        TrainParams.of(Algorithm.LINEAR_REGRESSION)
            .with("label", "spend")
            .numeric("x")
            .with("fill", Map.of("x", "7"));
    PipelineModel standard = fitted(rows, params.with("scale", FeatureParams.Scale.STANDARD));
    assertThat(vector(standard, sql("SELECT 3D AS x")).toArray()).containsExactly(1);
    assertThat(vector(standard, sql("SELECT cast(null AS double) AS x")).toArray())
        .containsExactly(5);
    PipelineModel minMax = fitted(rows, params.with("scale", FeatureParams.Scale.MIN_MAX));
    assertThat(vector(minMax, sql("SELECT 2D AS x")).toArray()).containsExactly(0.5);
  }

  @Test
  void refusesNumbersThatAddUpToTheLabel() {
    Dataset<Row> rows = rows(300).withColumn("rest", functions.expr("spend - charge"));
    refused(
        rows,
        small(Algorithm.RANDOM_FOREST).numeric("charge", "rest", "tenure"),
        "label spend is given away by charge and rest together (spend = 1 charge + 1 rest, R2"
            + " 1.0000)",
        ErrorType.STEP_FAILED);
  }

  @Tag("long")
  @Test
  void stopsEarlyByRowsThatItDoesNotLearnFrom() {
    TrainParams<TrainRegressor.Params> params =
        small(Algorithm.GRADIENT_BOOSTED_TREES)
            .learner("max-iter", "30")
            .learner("step-size", "1")
            .learner("validation-tol", "0.01");
    double all = train(rows(300), params).metrics().get("trees");
    double some = train(rows(300), params.with("earlyStopping", 0.3)).metrics().get("trees");
    assertThat(all).isEqualTo(30);
    assertThat(some).isLessThan(30);
  }

  @Test
  void searchesByTimeAndKeepsTheTrialsInATable() {
    Dataset<Row> rows =
        rows(300).withColumn("day", functions.expr("date '2024-01-01' + cast(customer_id AS int)"));
    TrainParams<TrainRegressor.Params> params =
        small(Algorithm.LINEAR_REGRESSION)
            .with("timeColumn", "day")
            .with("searchTrials", 3)
            .with("search", Map.of("elastic-net-param", List.of("0..1")));
    StepOutput output = train(rows, params);
    assertThat(output.metrics()).containsEntry("trials", 3.0).containsKey("trial.3.rmse");
    refused(
        rows.withColumn("day", functions.lit("x")),
        params,
        "time-column column day is string, not a date or timestamp",
        ErrorType.CONFIG_INVALID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "if(customer_id = 5, null, spend) | label spend is null in 1 rows",
        "if(customer_id = 5, double('NaN'), spend) | label spend is null in 1 rows",
        "if(customer_id = 5, double('Infinity'), spend) | label spend holds infinite values",
        "3 | label spend is 3.0 in every row",
      })
  void refusesLabelsThatCannotBeLearned(String label, String message) {
    refused(
        rows(120).withColumn("spend", functions.expr(label)),
        small(Algorithm.LINEAR_REGRESSION),
        message,
        ErrorType.STEP_FAILED);
  }

  @Test
  void refusesLabelsThatAreNoNumbersAndWhatMllibRefusesInOurWords() {
    refused(
        rows(120).withColumn("spend", functions.lit("much")),
        small(Algorithm.LINEAR_REGRESSION),
        "label column spend is string, not a number",
        ErrorType.CONFIG_INVALID);
    refused(
        rows(0),
        small(Algorithm.LINEAR_REGRESSION),
        "no rows to train on",
        ErrorType.INPUT_MISSING);
    refused(
        rows(120),
        small(Algorithm.GENERALIZED_LINEAR_REGRESSION)
            .learner("family", "poisson")
            .learner("link", "logit"),
        "generalized-linear-regression cannot learn from these rows with",
        ErrorType.STEP_FAILED);
    refused(
        rows(120).withColumn("spend", functions.expr("cast(customer_id AS double)")),
        small(Algorithm.GENERALIZED_LINEAR_REGRESSION),
        "family gamma, link log, max-iter 5: The response variable of Gamma family should be",
        ErrorType.STEP_FAILED);
  }

  private static Dataset<Row> rows(long count) {
    return rows(0, count);
  }

  private static Dataset<Row> rows(long from, long to) {
    return Customers.rows(to)
        .where("customer_id >= " + from)
        .withColumn(
            "spend",
            functions.expr(
                "cast(charge AS double) + coalesce(tenure, 20) * 0.5 + if(region = 'eu', 30, 0)"
                    + " + pmod(hash(customer_id, 8), 40)"));
  }

  private static Dataset<Row> prepared(Dataset<Row> rows) {
    return rows.selectExpr(
        "*",
        "if(customer_id % 9 = 0, null, concat('city ', pmod(hash(customer_id, 9), 80))) AS city",
        "if(customer_id % 8 = 0, null, concat('Paid ', region, ', late; ', plan)) AS note",
        "if(customer_id % 5 = 0, null, date '2024-01-01' + cast(customer_id AS int)) AS day",
        "timestamp '2024-01-01 07:00:00' + make_interval(0, 0, 0, 0, cast(customer_id AS int)) AS"
            + " seen");
  }

  private static org.apache.spark.sql.types.StructType nullable(Dataset<Row> rows) {
    org.apache.spark.sql.types.StructType all = new org.apache.spark.sql.types.StructType();
    for (var field : rows.schema().fields()) {
      all = all.add(field.name(), field.dataType());
    }
    return all;
  }

  private static TrainParams<TrainRegressor.Params> small(Algorithm algorithm) {
    TrainParams<TrainRegressor.Params> params =
        TrainParams.of(algorithm).with("label", "spend").customers();
    return switch (algorithm) {
      case LINEAR_REGRESSION ->
          params.learner("max-iter", "5").learner("reg-param", "0.01").learner("solver", "l-bfgs");
      case GENERALIZED_LINEAR_REGRESSION ->
          params.learner("family", "gamma").learner("link", "log").learner("max-iter", "5");
      case ISOTONIC_REGRESSION -> params.learner("feature-index", "1");
      case DECISION_TREE -> params.learner("max-depth", "3");
      case RANDOM_FOREST -> params.learner("num-trees", "3").learner("max-depth", "3");
      case GRADIENT_BOOSTED_TREES -> params.learner("max-iter", "2").learner("max-depth", "3");
      case FACTORIZATION_MACHINES ->
          params
              .with("scale", FeatureParams.Scale.MIN_MAX)
              .learner("max-iter", "3")
              .learner("factor-size", "2");
    };
  }

  private static Vector vector(PipelineModel model, Dataset<Row> rows) {
    return (Vector) model.transform(rows).select(FeatureStages.FEATURES).head().get(0);
  }

  private static PipelineModel fitted(
      Dataset<Row> rows, TrainParams<TrainRegressor.Params> params) {
    return (PipelineModel) train(rows, params).models().get("model");
  }

  private static void refused(
      Dataset<Row> rows,
      TrainParams<TrainRegressor.Params> params,
      String message,
      ErrorType type) {
    assertThatThrownBy(() -> train(rows, params))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContaining(message);
  }

  private static StepOutput train(Dataset<Row> rows, TrainParams<TrainRegressor.Params> params) {
    return new TrainRegressor().run(StepTestContext.of("rows", rows), params.build());
  }

  private static Dataset<Row> sql(String text) {
    return TestSpark.session().sql(text);
  }
}
