package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.spark.ml.ModelFiles;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Customers;
import io.mlpipeline.steps.StepTestContext;
import io.mlpipeline.steps.train.FeatureParams.HandleInvalid;
import io.mlpipeline.steps.train.FeatureParams.Impute;
import io.mlpipeline.steps.train.TrainClassifier.Algorithm;
import io.mlpipeline.steps.train.TrainClassifier.ClassWeights;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.PipelineModel;
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

class TrainClassifierIT {

  @TempDir Path warehouse;
  private int written;

  @BeforeEach
  void startSpark() {
    TestSpark.session();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOGISTIC_REGRESSION", "RANDOM_FOREST", "GRADIENT_BOOSTED_TREES"})
  void givesTheSameModelWhateverTheOrderAndPartitionsOfTheRows(Algorithm algorithm) {
    assertTheSame(algorithm);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LOGISTIC_REGRESSION", "RANDOM_FOREST", "GRADIENT_BOOSTED_TREES"})
  void soDoTheOthers(Algorithm algorithm) {
    assertTheSame(algorithm);
  }

  private void assertTheSame(Algorithm algorithm) {
    Dataset<Row> rows = Customers.rows(700);
    TrainParams<TrainClassifier.Params> params = small(algorithm);
    StepOutput output = train(rows.repartition(2), params);
    StepOutput again = train(rows.repartition(4).orderBy(functions.rand(3)), params);
    assertThat(Predictions.of(again, rows)).isEqualTo(Predictions.of(output, rows)).hasSize(700);
  }

  @Test
  void givesAnotherModelOfOtherRows() {
    TrainParams<TrainClassifier.Params> params = small(Algorithm.LOGISTIC_REGRESSION);
    Dataset<Row> rows = Customers.rows(700);
    assertThat(digest(rows.where("customer_id <> 17"), params)).isNotEqualTo(digest(rows, params));
  }

  @Tag("long")
  @Test
  void givesTheSameModelInAnotherProcessWithOtherCoresAndShufflePartitions() throws Exception {
    Path answer = warehouse.resolve("answer");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-X"))
        .forEach(command::add);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), OtherProcess.class.getName()));
    command.addAll(List.of("local[4]", "17", answer.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(warehouse.resolve("log").toFile())
            .start();
    List<String> here = OtherProcess.digests(warehouse.resolve("here"));
    assertThat(process.waitFor()).as(() -> text(warehouse.resolve("log"))).isZero();
    assertThat(Files.readAllLines(answer)).isEqualTo(here).hasSize(3).doesNotHaveDuplicates();
  }

  /** A digest for every way to lay out rows, each with another algorithm. */
  static final class OtherProcess {

    /** As few rows as are divided. */
    private static final int TWO_PARTITIONS = 50_000;

    private OtherProcess() {}

    public static void main(String[] args) throws IOException {
      org.apache.spark.sql.SparkSession.builder()
          .master(args[0])
          .config("spark.ui.enabled", "false")
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.sql.shuffle.partitions", args[1])
          .getOrCreate();
      Path answer = Path.of(args[2]);
      Files.write(answer, digests(answer.resolveSibling("there")));
    }

    static List<String> digests(Path warehouse) {
      List<String> digests = new ArrayList<>();
      TrainParams<TrainClassifier.Params> trees = small(Algorithm.GRADIENT_BOOSTED_TREES);
      digests.add(digest(1500, trees, warehouse, "one_partition"));
      TrainParams<TrainClassifier.Params> wide =
          small(Algorithm.RANDOM_FOREST)
              .with("classWeights", ClassWeights.BALANCED)
              .with("impute", Impute.MEAN);
      digests.add(digest(TWO_PARTITIONS, wide, warehouse, "two_partitions"));
      TrainParams<TrainClassifier.Params> sums = small(Algorithm.LOGISTIC_REGRESSION);
      digests.add(digest(TWO_PARTITIONS, sums, warehouse, "gathered"));
      return digests;
    }

    private static String digest(
        int rows, TrainParams<TrainClassifier.Params> params, Path warehouse, String uri) {
      StepOutput output = train(Customers.rows(rows), params);
      return ModelFiles.write(
              output.models().get("model"), "model", "m", warehouse.toUri().toString(), uri)
          .digest();
    }
  }

  @Test
  void scoresRowsWithoutLabelWithNullsOtherTypesAndUnknownCategories() {
    PipelineModel model = fitted(small(Algorithm.LOGISTIC_REGRESSION));
    Dataset<Row> strange =
        TestSpark.session()
            .sql(
                "SELECT cast(null AS bigint) tenure, 3.5f charge, cast('NaN' AS double)"
                    + " `usage.rate`, cast(null AS boolean) paperless, 'unheard of' plan,"
                    + " cast(null AS string) region");
    Row scored = model.transform(strange).select("probability", "prediction").head();
    assertThat(scored.getDouble(1)).isIn(0.0, 1.0);
    assertThat(scored.get(0).toString()).doesNotContain("NaN");
  }

  @Test
  void failsOnUnknownCategoriesIfToldSo() {
    PipelineModel model =
        fitted(small(Algorithm.RANDOM_FOREST).with("handleInvalid", HandleInvalid.ERROR));
    Dataset<Row> unknown =
        Customers.rows(3).withColumn("plan", functions.lit("unheard of")).drop("churned");
    assertThatThrownBy(() -> model.transform(unknown).select("prediction").collect())
        .hasStackTraceContaining("unheard of");
  }

  @ParameterizedTest
  @CsvSource({"MEDIAN, 2.5D", "MEAN, 3.75D"})
  void fillsMissingNumbersByWhatItWasTold(Impute impute, String literal) {
    Dataset<Row> rows =
        sql(
            "SELECT * FROM VALUES (1D, true), (2D, false), (3D, true), (9D, false), (null, true),"
                + " (double('NaN'), false) AS t(x, churned)");
    TrainParams<TrainClassifier.Params> params =
        TrainParams.of(Algorithm.LOGISTIC_REGRESSION).numeric("x").with("impute", impute);
    PipelineModel model = (PipelineModel) train(rows, params).models().get("model");
    assertThat(((org.apache.spark.ml.feature.SQLTransformer) model.stages()[0]).getStatement())
        .contains(", " + literal + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "churned | \"\"",
        "if(churned, 1, 0) | \"\"",
        "if(churned, 1.0, 0.0) | 1",
        "cast(cast(churned AS int) AS decimal(3,1)) | \"\"",
        "if(churned, 'Yes', 'No') | Yes",
      })
  void takesLabelsAsBooleansNumbersAndText(String label, String positive) {
    Dataset<Row> rows = Customers.rows(500).withColumn("churned", functions.expr(label));
    StepOutput output =
        train(rows, small(Algorithm.LOGISTIC_REGRESSION).with("positive", positive));
    double share = Customers.rows(500).where("churned").count() / 500.0;
    assertThat(output.metrics()).containsEntry("positive_share", share);
    assertThat(output.metrics()).containsEntry("training_rows", 500.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "churned | cast(null AS boolean) | label churned is null in 300 rows | STEP_FAILED",
        "churned | if(customer_id = 5, null, churned) | null in 1 rows | STEP_FAILED",
        "churned | true | has one value only: true | STEP_FAILED",
        "churned | if(churned, 'a', 'b') | say with positive which value | CONFIG_INVALID",
        "churned | if(customer_id = 3, 'x', region) | label churned is 'x' in one row only |"
            + " STEP_FAILED",
        "churned | customer_id | more than 100 different values | STEP_FAILED",
        "churned | charge > 0 and customer_id = 5 | is 'true' in one row only | STEP_FAILED",
        "churned | array(1) | it must be text, boolean, number | CONFIG_INVALID",
        "tenure | cast(null AS int) | tenure has no value in any row | STEP_FAILED",
        "tenure | double('Infinity') | tenure holds infinite values | STEP_FAILED",
        "tenure | 'x' | name it under categorical, or cast it | CONFIG_INVALID",
        "tenure | current_date() | is date, not a number | CONFIG_INVALID",
        "plan | cast(null AS string) | plan has no value in any row | STEP_FAILED",
        "plan | struct(1) | which is no category | CONFIG_INVALID",
        "plan | cast(customer_id AS string) | max-bins is 32: raise max-bins, name | STEP_FAILED",
      })
  void refusesWhatCannotBeLearnedFrom(String column, String value, String message, ErrorType type) {
    Dataset<Row> rows = Customers.rows(300).withColumn(column, functions.expr(value));
    refused(rows, small(Algorithm.RANDOM_FOREST), message, type);
  }

  @Test
  void refusesNoRowsAndColumnsThatAreNotThere() {
    TrainParams<TrainClassifier.Params> params = small(Algorithm.LOGISTIC_REGRESSION);
    refused(Customers.rows(0), params, "no rows to train on", ErrorType.INPUT_MISSING);
    refused(
        Customers.rows(90).withColumnRenamed("region", "regions"),
        params,
        "categorical names the column region, which the table does not have; did you mean regions?",
        ErrorType.CONFIG_INVALID);
    refused(
        Customers.rows(90).withColumn("w", functions.expr("if(customer_id = 3, -1, 2)")),
        params.with("weightColumn", "w"),
        "weight-column w is not above zero and finite in 1 rows",
        ErrorType.STEP_FAILED);
    refused(
        Customers.rows(300),
        small(Algorithm.LOGISTIC_REGRESSION).with("positive", "ja"),
        "label churned is boolean",
        ErrorType.CONFIG_INVALID);
  }

  @Test
  void allowsConstantColumnsAndCountsThem() {
    Dataset<Row> rows =
        Customers.rows(300)
            .withColumn("tenure", functions.lit(3))
            .withColumn("plan", functions.lit("basic"));
    for (Algorithm algorithm : List.of(Algorithm.LOGISTIC_REGRESSION, Algorithm.RANDOM_FOREST)) {
      assertThat(train(rows, small(algorithm)).metrics()).containsEntry("constant_features", 2.0);
    }
  }

  @Test
  void weighsTheRarerClassAndRowsIfToldSo() {
    weighsTheRarerClassAndRows(Algorithm.LOGISTIC_REGRESSION);
  }

  @Tag("long")
  @Test
  void soDoTrees() {
    weighsTheRarerClassAndRows(Algorithm.RANDOM_FOREST);
  }

  private void weighsTheRarerClassAndRows(Algorithm algorithm) {
    Dataset<Row> rows = Customers.rows(600).withColumn("w", functions.expr("tenure % 3 + 1.5"));
    rows = rows.na().fill(1, new String[] {"w"});
    Set<String> digests = new HashSet<>();
    digests.add(digest(rows, small(algorithm)));
    digests.add(digest(rows, small(algorithm).with("classWeights", ClassWeights.BALANCED)));
    digests.add(digest(rows, small(algorithm).with("weightColumn", "w")));
    assertThat(digests).hasSize(3);
  }

  @Test
  void learnsSeveralClassesAndNamesThem() {
    Dataset<Row> rows = Customers.rows(500).withColumn("churned", functions.expr("region"));
    TrainParams<TrainClassifier.Params> params =
        small(Algorithm.LOGISTIC_REGRESSION)
            .categorical("plan")
            .with("classWeights", ClassWeights.BALANCED);
    StepOutput output = train(rows, params);
    assertThat(output.metrics())
        .containsEntry("classes", 4.0)
        .containsKey("class_share.africa")
        .doesNotContainKey("positive_share");
    ModelSignature signature = output.signatures().get("model");
    assertThat(signature.task()).isEqualTo("multiclass-classification");
    assertThat(signature.inputs())
        .extracting(f -> f.name() + " " + f.type())
        .containsExactly(
            "tenure int",
            "charge decimal(10,2)",
            "usage.rate double",
            "paperless boolean",
            "plan string");
    assertThat(signature.outputs())
        .extracting(f -> f.name() + " " + f.type())
        .containsExactlyInAnyOrder(
            "rawPrediction vector",
            "probability vector",
            "prediction double",
            "predicted_label string");
    List<String> regions = List.of("africa", "asia", "eu", "us");
    PipelineModel model = (PipelineModel) output.models().get("model");
    assertThat(
            model
                .transform(rows)
                .select("prediction", "predicted_label")
                .distinct()
                .collectAsList())
        .allSatisfy(
            row -> assertThat(row.getString(1)).isEqualTo(regions.get((int) row.getDouble(0))));
    refused(
        rows,
        small(Algorithm.GRADIENT_BOOSTED_TREES).categorical("plan"),
        "gradient-boosted-trees knows two classes, but label churned has 4",
        ErrorType.CONFIG_INVALID);
  }

  @Test
  void refusesFeaturesThatGiveTheLabelAwayUnlessToldOtherwise() {
    Dataset<Row> rows =
        Customers.rows(400).withColumn("reason", functions.expr("if(churned, 'price', 'none')"));
    TrainParams<TrainClassifier.Params> params =
        small(Algorithm.LOGISTIC_REGRESSION).categorical("plan", "reason");
    refused(
        rows,
        params,
        "label churned is given away by reason alone (AUC 1.0000), measured on 400 training rows",
        ErrorType.STEP_FAILED);
    assertThat(train(rows, params.with("leakage", SupervisedParams.LeakageCheck.WARN)).metrics())
        .containsEntry("leakage.reason", 1.0);
    assertThat(train(rows, params.with("leakage", SupervisedParams.LeakageCheck.OFF)).metrics())
        .doesNotContainKey("leakage.reason");
  }

  @Tag("long")
  @Test
  void searchesByFoldsAndGivesTheSameSideBySide() {
    TrainParams<TrainClassifier.Params> params =
        TrainParams.of(Algorithm.RANDOM_FOREST)
            .customers()
            .learner("num-trees", "3")
            .with("folds", 2)
            .with(
                "search",
                Map.of("max-depth", List.of("1", "4"), "impurity", List.of("gini", "entropy")));
    StepOutput alone = train(Customers.rows(500), params);
    StepOutput together = train(Customers.rows(500).repartition(3), params.with("parallelism", 2));
    assertThat(together.metrics()).isEqualTo(alone.metrics());
    assertThat(alone.metrics())
        .containsEntry("trials", 4.0)
        .containsEntry("trial.1.max-depth", 1.0)
        .containsEntry("trial.4.impurity", 1.0)
        .containsKeys("trial.1.auc_roc", "trial.4.log_loss", "best_trial");
    int best = alone.metrics().get("best_trial").intValue();
    PipelineModel model = (PipelineModel) alone.models().get("model");
    assertThat(model.stages()[model.stages().length - 1].explainParams())
        .contains("current: " + alone.metrics().get("trial." + best + ".max-depth").intValue());
    refused(
        Customers.rows(50),
        params.with("metric", "rmse"),
        "metric is rmse; a binary-classification can be searched by auc_roc, log_loss",
        ErrorType.CONFIG_INVALID);
  }

  @Test
  void refusesWhatLearnersWouldFailOnInTheirTasks() {
    refused(
        Customers.rows(100).withColumn("charge", functions.expr("charge - 50")),
        small(Algorithm.NAIVE_BAYES),
        "numeric column charge goes down to -",
        ErrorType.STEP_FAILED);
    refused(
        Customers.rows(100),
        small(Algorithm.MULTILAYER_PERCEPTRON).learner("layers", "7", "5", "2"),
        "layers is [7, 5, 2], but there are 12 features and 2 classes: write layers: [12, 5, 2]",
        ErrorType.CONFIG_INVALID);
    refused(
        Customers.rows(100),
        small(Algorithm.MULTILAYER_PERCEPTRON).with("classWeights", ClassWeights.BALANCED),
        "class-weights means nothing to multilayer-perceptron",
        ErrorType.CONFIG_INVALID);
  }

  @Test
  void leavesNothingCached() {
    int before = TestSpark.session().sparkContext().getPersistentRDDs().size();
    train(Customers.rows(300), small(Algorithm.RANDOM_FOREST));
    assertThat(TestSpark.session().sparkContext().getPersistentRDDs().size()).isEqualTo(before);
  }

  private static TrainParams<TrainClassifier.Params> small(Algorithm algorithm) {
    TrainParams<TrainClassifier.Params> params = TrainParams.of(algorithm).customers();
    return switch (algorithm) {
      case LOGISTIC_REGRESSION ->
          params
              .learner("reg-param", "0.01")
              .learner("elastic-net-param", "0.5")
              .learner("max-iter", "5");
      case DECISION_TREE -> params.learner("max-depth", "4");
      case RANDOM_FOREST -> params.learner("num-trees", "4").learner("max-depth", "4");
      case GRADIENT_BOOSTED_TREES ->
          params.learner("max-iter", "2").learner("subsampling-rate", "0.8");
      case NAIVE_BAYES -> params.learner("smoothing", "0.5");
      case MULTILAYER_PERCEPTRON ->
          params
              .with("scale", FeatureParams.Scale.STANDARD)
              .learner("layers", "12", "4", "2")
              .learner("max-iter", "5");
      case FACTORIZATION_MACHINES ->
          params
              .with("scale", FeatureParams.Scale.MIN_MAX)
              .learner("max-iter", "5")
              .learner("factor-size", "2");
    };
  }

  private PipelineModel fitted(TrainParams<TrainClassifier.Params> params) {
    return (PipelineModel) train(Customers.rows(500), params).models().get("model");
  }

  private String digest(Dataset<Row> rows, TrainParams<TrainClassifier.Params> params) {
    return ModelFiles.write(
            train(rows, params).models().get("model"),
            "model",
            "m",
            warehouse.toUri().toString(),
            "m" + written++)
        .digest();
  }

  private static void refused(
      Dataset<Row> rows,
      TrainParams<TrainClassifier.Params> params,
      String message,
      ErrorType type) {
    assertThatThrownBy(() -> train(rows, params))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContaining(message);
  }

  private static StepOutput train(Dataset<Row> rows, TrainParams<TrainClassifier.Params> params) {
    return new TrainClassifier().run(StepTestContext.of("rows", rows), params.build());
  }

  private static Dataset<Row> sql(String text) {
    return TestSpark.session().sql(text);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
