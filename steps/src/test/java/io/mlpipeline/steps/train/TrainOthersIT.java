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
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
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

/** The trainers of recommendations and of clusters. */
class TrainOthersIT {

  @TempDir Path warehouse;
  private int written;

  @BeforeEach
  void startSpark() {
    TestSpark.session();
  }

  @Test
  void recommendsTheSameWhateverTheOrderAndPartitionsOfTheRows() {
    TrainParams<TrainRecommender.Params> params =
        TrainParams.recommender().with("rating", "stars").learner("max-iter", "3");
    StepOutput output = train(ratings().repartition(2), params);
    StepOutput again = train(ratings().repartition(4).orderBy(functions.rand(3)), params);
    assertThat(digest(again)).isEqualTo(digest(output));
    assertThat(output.metrics())
        .containsEntry("users", 40.0)
        .containsEntry("items", 25.0)
        .containsEntry("rank", 10.0);
    assertThat(output.signatures().get("model").inputs())
        .extracting(ModelSignature.Field::name)
        .containsExactly("user", "item");
    PipelineModel model = (PipelineModel) output.models().get("model");
    Row fit =
        model
            .transform(ratings())
            .selectExpr("corr(stars, prediction)", "count_if(prediction is null)")
            .head();
    assertThat(fit.getDouble(0)).isGreaterThan(0.8);
    assertThat(fit.getLong(1)).isZero();
  }

  @Test
  void saysNothingOfUsersAndItemsThatItDoesNotKnow() {
    PipelineModel model =
        (PipelineModel)
            train(
                    ratings(),
                    TrainParams.recommender()
                        .learner("implicit-prefs", "true")
                        .learner("max-iter", "3"))
                .models()
                .get("model");
    Dataset<Row> strange =
        TestSpark.session()
            .sql(
                "SELECT * FROM VALUES (1L, 1), (9999999999L, 1), (null, 1), (1L, 777)"
                    + " AS t(user, item)");
    assertThat(
            model
                .transform(strange)
                .selectExpr("concat_ws(' ', user, item, prediction is null)")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("1 1 false", "9999999999 1 true", "1 true", "1 777 true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user | cast(user AS string) | user column user is string; ids must be whole |"
            + " CONFIG_INVALID",
        "item | item + 0.5D | item column item is double; ids must be whole | CONFIG_INVALID",
        "user | if(user = 3, null, user) | user user is null in 25 rows | STEP_FAILED",
        "user | user + 5000000000 | goes from 5000000000 to 5000000039, beyond an int |"
            + " STEP_FAILED",
        "stars | if(user = 3, double('NaN'), stars) | rating stars is null, NaN or infinite in 25"
            + " rows | STEP_FAILED",
        "item | item % 5 | rows repeat a user and an item (user, item) | STEP_FAILED",
      })
  void refusesRatingsThatCannotBeLearned(
      String column, String value, String message, ErrorType type) {
    Dataset<Row> rows = ratings().withColumn(column, functions.expr(value));
    assertThatThrownBy(() -> train(rows, TrainParams.recommender().with("rating", "stars")))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContaining(message);
  }

  @Test
  void refusesSoManyRoundsThatTasksWouldOverflow() {
    assertThatThrownBy(() -> train(ratings(), TrainParams.recommender().learner("max-iter", "16")))
        .hasMessageContaining(
            "learner.max-iter is 16; it must be >= 0 and <= 15: more rounds would overflow");
  }

  @Test
  void findsTheSameGroupsWhateverTheOrderAndPartitionsOfTheRows() {
    assertTheSameGroups(TrainClusters.Algorithm.K_MEANS);
  }

  @Tag("long")
  @Test
  void soDoesBisecting() {
    assertTheSameGroups(TrainClusters.Algorithm.BISECTING_K_MEANS);
  }

  private void assertTheSameGroups(TrainClusters.Algorithm algorithm) {
    TrainParams<TrainClusters.Params> params =
        TrainParams.of(algorithm)
            .customers()
            .with("scale", FeatureParams.Scale.STANDARD)
            .learner("k", "3")
            .learner("max-iter", "5");
    StepOutput output = train(Customers.rows(400).repartition(2), params);
    StepOutput again = train(Customers.rows(400).repartition(4).orderBy(functions.rand(3)), params);
    assertThat(digest(again)).isEqualTo(digest(output));
    assertThat(output.metrics()).containsEntry("clusters", 3.0).containsKey("cost");
    double rows =
        output.metrics().tailMap("cluster_rows.").values().stream()
            .limit(3)
            .mapToDouble(n -> n)
            .sum();
    assertThat(rows).isEqualTo(400);
    assertThat(output.signatures().get("model").label()).isNull();
  }

  @Test
  void refusesMoreGroupsThanThereAreDifferentRows() {
    TrainParams<TrainClusters.Params> params =
        TrainParams.of(TrainClusters.Algorithm.K_MEANS).categorical("region").learner("k", "5");
    refused(Customers.rows(100), params, "k is 5, but only 4 rows differ", ErrorType.STEP_FAILED);
    refused(Customers.rows(0), params, "no rows to train on", ErrorType.INPUT_MISSING);
    refused(
        Customers.rows(9),
        params.learner("groups", "2"),
        "learner.groups means nothing to k-means; its params are distance-measure, init-mode",
        ErrorType.CONFIG_INVALID);
  }

  private static void refused(
      Dataset<Row> rows, TrainParams<TrainClusters.Params> params, String message, ErrorType type) {
    assertThatThrownBy(() -> train(rows, params))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContaining(message);
  }

  private static Dataset<Row> ratings() {
    return TestSpark.session()
        .range(1000)
        .selectExpr("id % 40 AS user", "cast(id / 40 AS int) AS item")
        .selectExpr(
            "*", "1.0D + pmod(user * item, 7) / 2 + pmod(hash(user, item), 5) / 10 AS stars");
  }

  private String digest(StepOutput output) {
    return ModelFiles.write(
            output.models().get("model"),
            "model",
            "m",
            warehouse.toUri().toString(),
            "m" + written++)
        .digest();
  }

  private static StepOutput train(Dataset<Row> rows, TrainParams<? extends Record> params) {
    StepTestContext context = StepTestContext.of("rows", rows);
    Record built = params.build();
    return built instanceof TrainRecommender.Params ratings
        ? new TrainRecommender().run(context, ratings)
        : new TrainClusters().run(context, (TrainClusters.Params) built);
  }
}
