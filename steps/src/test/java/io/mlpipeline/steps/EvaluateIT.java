package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.TestSpark;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvaluateIT {

  private static Dataset<Row> rows;
  private static Transformer byCharge;
  private static Transformer byTenure;

  @BeforeAll
  static void train() {
    TestSpark.session();
    rows = Customers.rows(2000).na().fill(7).cache();
    byCharge = model("charge");
    byTenure = model("tenure");
  }

  @Test
  void measuresModelsAndSlicesExactly() {
    StepOutput output = evaluate(rows, params("churned", List.of("plan", "Region"), 30));
    double roc =
        new BinaryClassificationMetrics(
                byTenure
                    .transform(rows)
                    .select(
                        org.apache
                            .spark
                            .ml
                            .functions
                            .vector_to_array(functions.col("probability"), "float64")
                            .getItem(1),
                        functions.col("churned").cast("double")))
            .areaUnderROC();
    assertThat(output.metrics().get("tenure_model.auc_roc")).isEqualTo(roc, within(1e-9));
    assertThat(output.metrics())
        .containsKeys(
            "charge_model.auc_pr",
            "charge_model.log_loss[plan=basic]",
            "tenure_model.f1[plan=null]",
            "tenure_model.accuracy[Region=asia]")
        .containsEntry("charge_model.rows", 2000.0);
    Dataset<Row> table = output.tables().get("metrics");
    assertThat(table.schema().simpleString())
        .isEqualTo("struct<model:string,slice:string,metric:string,value:double,rows:bigint>");
    assertThat(table.count()).isEqualTo(output.metrics().size());
    Row slice =
        table.where("model = 'tenure_model' AND slice = 'plan=pro' AND metric = 'auc_roc'").head();
    assertThat(slice.getDouble(3))
        .isEqualTo(output.metrics().get("tenure_model.auc_roc[plan=pro]"));
    assertThat(slice.getLong(4)).isEqualTo(rows.where("plan = 'pro'").count());
  }

  @Test
  void givesTheSameDigitsWhateverTheOrderAndPartitions() {
    Evaluate.Params params = params("churned", List.of("plan"), 30);
    assertThat(evaluate(rows.repartition(9).orderBy(functions.rand(1)), params).metrics())
        .isEqualTo(evaluate(rows.coalesce(1), params).metrics());
  }

  @Test
  void givesSmallSlicesAndSlicesOfOneClassOnlyWhatTheyCanSay() {
    Dataset<Row> odd =
        rows.withColumn(
            "odd",
            functions.expr(
                "if(customer_id < 29, 'few', if(churned, 'all of them', 'none of them'))"));
    assertThat(evaluate(odd, params("churned", List.of("odd"), 30)).metrics())
        .containsEntry("tenure_model.rows[odd=few]", 29.0)
        .doesNotContainKeys("tenure_model.accuracy[odd=few]", "tenure_model.auc_roc[odd=few]")
        .containsKeys("tenure_model.accuracy[odd=none of them]")
        .doesNotContainKeys(
            "tenure_model.auc_roc[odd=none of them]", "tenure_model.auc_roc[odd=all of them]");
  }

  @Test
  void scoresTablesThatAlreadyHoldPredictions() {
    Dataset<Row> scored = rows.withColumn("prediction", functions.lit("mine"));
    assertThat(evaluate(scored, params("churned", List.of("prediction"), 30)).metrics())
        .containsKey("tenure_model.auc_roc[prediction=mine]");
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    Evaluate.Params plain = params("churned", List.of(), 30);
    refused(rows.limit(0), plain, ErrorType.INPUT_MISSING, "no rows to measure on");
    refused(rows.where("churned"), plain, ErrorType.STEP_FAILED, "has one value only: true");
    refused(
        rows.withColumn("churned", functions.expr("if(customer_id = 8, null, churned)")),
        plain,
        ErrorType.STEP_FAILED,
        "label churned is null");
    refused(
        rows, params("churn", List.of(), 30), ErrorType.CONFIG_INVALID, "did you mean churned?");
    refused(
        rows,
        params("churned", List.of("paln"), 30),
        ErrorType.CONFIG_INVALID,
        "slices names the column paln, which the table does not have; did you mean plan?");
    refused(
        rows,
        params("churned", List.of("customer_id"), 30),
        ErrorType.STEP_FAILED,
        "more than 1000 values");
    Transformer mute = new SQLTransformer().setStatement("SELECT * FROM __THIS__");
    assertThatThrownBy(
            () -> new Evaluate().run(StepTestContext.of("rows", rows).with("mute", mute), plain))
        .hasMessageContaining("model mute_model gives no probability");
    assertThatThrownBy(() -> new Evaluate().run(StepTestContext.of("rows", rows), plain))
        .hasMessageContaining("no model");
  }

  private static void refused(
      Dataset<Row> rows, Evaluate.Params params, ErrorType type, String message) {
    assertThatThrownBy(() -> evaluate(rows, params))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContaining(message);
  }

  private static Evaluate.Params params(String label, List<String> slices, long least) {
    return new Evaluate.Params(label, "", slices, least, 0.5);
  }

  private static StepOutput evaluate(Dataset<Row> rows, Evaluate.Params params) {
    return new Evaluate()
        .run(
            StepTestContext.of("rows", rows).with("charge", byCharge).with("tenure", byTenure),
            params);
  }

  private static Transformer model(String column) {
    PipelineStage[] stages = {
      new VectorAssembler().setInputCols(new String[] {column}).setOutputCol("features"),
      new LogisticRegression().setLabelCol("y")
    };
    return new Pipeline()
        .setStages(stages)
        .fit(rows.withColumn("y", functions.col("churned").cast("double")));
  }
}
