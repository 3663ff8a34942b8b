package io.mlpipeline.spark.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mlpipeline.testkit.TestSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.NaiveBayes;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Contributions of tiny models, which sum up to what the model says. */
class RowExplainerIT {

  private static Dataset<Row> rows;

  @BeforeAll
  static void makesRows() {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String plan = List.of("basic", "gold", "free").get(i % 3);
      int label = (i % 3 == 0 && i > 6) || i % 7 == 0 ? 1 : 0;
      values.add("(" + i + ", '" + plan + "', " + (i * 7 % 11) + ", " + (double) label + ")");
    }
    rows =
        TestSpark.session()
            .sql(
                "select * from values "
                    + String.join(", ", values)
                    + " as t(age, plan, calls, label)")
            .coalesce(1);
  }

  private static PipelineModel fit(PipelineStage learner) {
    PipelineStage[] stages = {
      new SQLTransformer()
          .setStatement(
              "SELECT *, age / 10D AS __n0, (calls + age) * 1D AS __n1, plan AS __c0 FROM"
                  + " __THIS__"),
      new StringIndexer().setInputCol("__c0").setOutputCol("__i0"),
      new OneHotEncoder().setInputCol("__i0").setOutputCol("__h0"),
      new VectorAssembler()
          .setInputCols(new String[] {"__n0", "__n1", "__h0"})
          .setOutputCol("features"),
      learner
    };
    return new Pipeline().setStages(stages).fit(rows);
  }

  private static RowExplainer.Explained explain(PipelineStage learner) {
    return RowExplainer.explain(fit(learner), rows.filter("age = 8").drop("label"));
  }

  private static void sumsUpTo(double said, RowExplainer.Explained explained) {
    Contributions all = explained.contributions();
    double sum = all.base() + all.byColumn().values().stream().mapToDouble(v -> v).sum();
    assertThat(sum).isCloseTo(all.total(), within(1e-9));
    assertThat(all.total()).isCloseTo(said, within(1e-9));
    assertThat(all.byColumn().keySet()).isSubsetOf("age", "age + calls", "plan");
  }

  private static double vector(RowExplainer.Explained explained, String column, int at) {
    Vector vector = explained.scored().getAs(column);
    return vector.apply(at);
  }

  private static double prediction(RowExplainer.Explained explained) {
    return explained.scored().<Double>getAs("prediction");
  }

  @Test
  void coefficientsTimesValuesSumUpToTheLogOddsByRawColumn() {
    PipelineModel model = fit(new LogisticRegression().setRegParam(0.01));
    RowExplainer.Explained explained =
        RowExplainer.explain(model, rows.filter("age = 8").drop("label"));
    sumsUpTo(vector(explained, "rawPrediction", 1), explained);
    LogisticRegressionModel learner = (LogisticRegressionModel) model.stages()[4];
    assertThat(explained.contributions().byColumn().get("age"))
        .as("by hand: the coefficient of age / 10, times 0.8")
        .isCloseTo(learner.coefficients().apply(0) * 0.8, within(1e-12));
    assertThat(explained.contributions().base()).isEqualTo(learner.intercept());
    assertThat(explained.contributions().scale()).isEqualTo("log-odds of class 1");
  }

  @Test
  void linearRegressionSumsUpToThePrediction() {
    RowExplainer.Explained explained = explain(new LinearRegression());
    sumsUpTo(prediction(explained), explained);
  }

  @Test
  void pathsOfForestsSumUpToProbabilityAndPrediction() {
    RowExplainer.Explained classes =
        explain(new RandomForestClassifier().setNumTrees(3).setMaxDepth(3).setSeed(1));
    sumsUpTo(vector(classes, "probability", 1), classes);
    RowExplainer.Explained numbers =
        explain(new RandomForestRegressor().setNumTrees(3).setMaxDepth(3).setSeed(1));
    sumsUpTo(prediction(numbers), numbers);
  }

  @Test
  void pathsOfBoostedTreesSumUpToTheMargin() {
    RowExplainer.Explained explained = explain(new GBTClassifier().setMaxIter(3).setSeed(1));
    sumsUpTo(vector(explained, "rawPrediction", 1), explained);
  }

  @Test
  void clustersAreExplainedByDistancesAndOthersAreNot() {
    RowExplainer.Explained clusters = explain(new KMeans().setK(2).setSeed(1));
    assertThat(clusters.contributions().byColumn().values()).allMatch(d -> d > 0);
    assertThat(clusters.contributions().scale()).startsWith("squared distance to the center");
    RowExplainer.Explained bayes = explain(new NaiveBayes());
    assertThat(bayes.contributions().isKnown()).isFalse();
    assertThat(bayes.contributions().note()).contains("NaiveBayesModel cannot be taken apart");
  }
}
