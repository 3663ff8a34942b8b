package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Evaluate.Task;
import io.mlpipeline.testkit.TestSpark;
import java.util.SortedMap;
import java.util.stream.Stream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
    StepOutput output =
        evaluate(rows, EvaluateParams.of("churned").slices("plan", "Region").build());
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
        .isEqualTo(
            "struct<model:string,slice:string,metric:string,value:double,rows:bigint,"
                + "digest:string,holdout:string,small:boolean>");
    assertThat(table.count()).isEqualTo(output.metrics().size());
    Row slice =
        table.where("model = 'tenure_model' AND slice = 'plan=pro' AND metric = 'auc_roc'").head();
    assertThat(slice.getDouble(3))
        .isEqualTo(output.metrics().get("tenure_model.auc_roc[plan=pro]"));
    assertThat(slice.getLong(4)).isEqualTo(rows.where("plan = 'pro'").count());
    assertThat(slice.getString(5)).isEqualTo("m1:" + byTenure.uid());
    assertThat(slice.getString(6)).startsWith("c1:");
    assertThat(slice.getBoolean(7)).isFalse();
  }

  @Test
  void givesTheSameDigitsWhateverTheOrderAndPartitions() {
    Evaluate.Params params = EvaluateParams.of("churned").slices("plan").build();
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
    assertThat(evaluate(odd, EvaluateParams.of("churned").slices("odd").build()).metrics())
        .containsEntry("tenure_model.rows[odd=few]", 29.0)
        .doesNotContainKeys("tenure_model.accuracy[odd=few]", "tenure_model.auc_roc[odd=few]")
        .containsKeys("tenure_model.accuracy[odd=none of them]")
        .doesNotContainKeys(
            "tenure_model.auc_roc[odd=none of them]", "tenure_model.auc_roc[odd=all of them]");
  }

  @Test
  void scoresTablesThatAlreadyHoldPredictions() {
    Dataset<Row> scored = rows.withColumn("prediction", functions.lit("mine"));
    assertThat(
            evaluate(scored, EvaluateParams.of("churned").slices("prediction").build()).metrics())
        .containsKey("tenure_model.auc_roc[prediction=mine]");
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    Evaluate.Params plain = EvaluateParams.of("churned").build();
    refused(rows.limit(0), plain, ErrorType.INPUT_MISSING, "no rows to measure on");
    refused(rows.where("churned"), plain, ErrorType.STEP_FAILED, "has one value only: true");
    refused(
        rows.withColumn("churned", functions.expr("if(customer_id = 8, null, churned)")),
        plain,
        ErrorType.STEP_FAILED,
        "label churned is null");
    refused(
        rows,
        EvaluateParams.of("churn").build(),
        ErrorType.CONFIG_INVALID,
        "did you mean churned?");
    refused(
        rows,
        EvaluateParams.of("churned").slices("paln").build(),
        ErrorType.CONFIG_INVALID,
        "slices names the column paln, which the table does not have; did you mean plan?");
    refused(
        rows,
        EvaluateParams.of("churned").slices("customer_id").build(),
        ErrorType.STEP_FAILED,
        "more than 1000 values");
    Transformer mute = new SQLTransformer().setStatement("SELECT * FROM __THIS__");
    StepTestContext withMute = StepTestContext.of("rows", rows).with("mute", mute);
    assertThatThrownBy(
            () ->
                new Evaluate()
                    .run(
                        withMute,
                        EvaluateParams.of("churned").task(Task.BINARY_CLASSIFICATION).build()))
        .hasMessageContaining("model mute_model gives no probability");
    assertThatThrownBy(() -> new Evaluate().run(withMute, plain))
        .hasMessageContaining("what model mute_model is for cannot be told")
        .hasMessageContaining("say task: binary-classification");
    assertThatThrownBy(() -> new Evaluate().run(StepTestContext.of("rows", rows), plain))
        .hasMessageContaining("no model");
  }

  @ParameterizedTest
  @MethodSource
  void refusesParamsThatCannotBeMeant(EvaluateParams params, String message) {
    refused(rows, params.build(), ErrorType.CONFIG_INVALID, message);
  }

  static Stream<Arguments> refusesParamsThatCannotBeMeant() {
    return Stream.of(
        arguments(EvaluateParams.of(""), "label is missing"),
        arguments(EvaluateParams.of("churned").threshold(1.5), "threshold is 1.5"),
        arguments(EvaluateParams.of("churned").top("5 rows"), "top has '5 rows'"),
        arguments(EvaluateParams.of("churned").bootstrap(-1), "bootstrap is -1"),
        arguments(EvaluateParams.of("churned").bootstrap(99), "from 100 to 100000"),
        arguments(EvaluateParams.of("churned").bootstrap(1_000_000), "bootstrap is 1000000"),
        arguments(EvaluateParams.of("churned").confidence(1), "confidence is 1.0"),
        arguments(EvaluateParams.of("churned").confidence(0.999), "raise bootstrap"),
        arguments(
            EvaluateParams.of("charge").task(Task.REGRESSION).protectedColumns("region"),
            "protected-columns are for two classes"),
        arguments(
            EvaluateParams.of("charge").task(Task.REGRESSION).positive("1"),
            "the task is regression"),
        arguments(
            EvaluateParams.of("churned").protectedColumns("region", "Region"),
            "would have one name"));
  }

  @Test
  void measuresTheChampionOnTheSameRowsAndWhatIsGained() {
    StepOutput output =
        new Evaluate()
            .run(
                StepTestContext.of("rows", rows)
                    .with("charge", byCharge)
                    .with("tenure", byTenure)
                    .with("champion", byCharge),
                EvaluateParams.of("churned").build());
    SortedMap<String, Double> metrics = output.metrics();
    assertThat(metrics)
        .containsEntry("champion.auc_roc", metrics.get("charge_model.auc_roc"))
        .containsEntry("charge_model.auc_roc_gain", 0.0)
        .containsEntry("charge_model.auc_roc_gain_low", 0.0)
        .containsEntry("charge_model.log_loss_gain_high", 0.0)
        .doesNotContainKey("champion.auc_roc_gain");
    double gain = metrics.get("tenure_model.auc_roc") - metrics.get("champion.auc_roc");
    assertThat(gain).isPositive();
    assertThat(metrics.get("tenure_model.auc_roc_gain")).isEqualTo(gain, within(1e-12));
    assertThat(metrics.get("tenure_model.auc_roc_gain_low")).isBetween(0.0, gain);
    assertThat(metrics.get("tenure_model.auc_roc_gain_high")).isGreaterThan(gain);
    assertThat(evaluate(rows, EvaluateParams.of("churned").build()).metrics().keySet())
        .noneMatch(name -> name.contains("_gain"));
  }

  /** A champion of other times may read columns that nobody makes any more. */
  @Test
  void namesEveryColumnThatTheChampionLacks() {
    Dataset<Row> before =
        rows.withColumnRenamed("charge", "old_charge").withColumnRenamed("tenure", "old.tenure");
    PipelineStage[] stages = {
      new SQLTransformer().setStatement("SELECT *, `old.tenure` + old_charge AS x FROM __THIS__"),
      new VectorAssembler().setInputCols(new String[] {"x", "old_charge"}).setOutputCol("features"),
      new LogisticRegression().setLabelCol("y")
    };
    Transformer old =
        new Pipeline()
            .setStages(stages)
            .fit(before.withColumn("y", functions.col("churned").cast("double")));
    StepTestContext context =
        StepTestContext.of("rows", rows).with("charge", byCharge).with("champion", old);
    assertThatThrownBy(() -> new Evaluate().run(context, EvaluateParams.of("churned").build()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(
            "model champion (champion_model) needs columns that the rows do not have:"
                + " old.tenure, old_charge; add them to the holdout")
        .hasMessageContaining("or leave the champion out");
  }

  @Test
  void saysHowDifferentlyGroupsAreTreatedAndLeavesSmallOnesOut() {
    Dataset<Row> grouped =
        rows.withColumn(
            "Group Of",
            functions.expr("if(customer_id < 20, 'tiny', if(tenure < 20, 'new', 'old'))"));
    StepOutput output =
        evaluate(grouped, EvaluateParams.of("churned").protectedColumns("Group Of").build());
    SortedMap<String, Double> metrics = output.metrics();
    double more = metrics.get("tenure_model.selection_rate[Group Of=new]");
    double fewer = metrics.get("tenure_model.selection_rate[Group Of=old]");
    assertThat(more).isGreaterThan(fewer);
    assertThat(metrics.get("tenure_model.demographic_parity_gap_group_of")).isEqualTo(more - fewer);
    assertThat(metrics)
        .containsKeys(
            "tenure_model.equal_opportunity_gap_group_of",
            "tenure_model.equalized_odds_gap_group_of")
        .containsEntry("tenure_model.rows[Group Of=tiny]", 20.0)
        .doesNotContainKey("tenure_model.selection_rate[Group Of=tiny]");
    Dataset<Row> tiny = output.tables().get("metrics").where("slice = 'Group Of=tiny'");
    assertThat(tiny.where("small").count()).isEqualTo(tiny.count()).isEqualTo(4);
    assertThat(output.tables().get("metrics").where("small AND slice = 'all'").count()).isZero();
  }

  @Test
  void timesScoringOnlyWhenAsked() {
    StepOutput timed = evaluate(rows, EvaluateParams.of("churned").latency().build());
    double half = timed.metrics().get("charge_model.p50_ms_per_1k_rows[latency]");
    assertThat(half).isPositive();
    assertThat(timed.metrics().get("charge_model.p95_ms_per_1k_rows[latency]"))
        .isGreaterThanOrEqualTo(half);
    assertThat(evaluate(rows, EvaluateParams.of("churned").build()).metrics().keySet())
        .noneMatch(name -> name.contains("latency"));
  }

  private static void refused(
      Dataset<Row> rows, Evaluate.Params params, ErrorType type, String message) {
    assertThatThrownBy(() -> evaluate(rows, params))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.type()).isEqualTo(type))
        .hasMessageContaining(message);
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
