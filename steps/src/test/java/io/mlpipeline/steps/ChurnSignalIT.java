package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.sample.ChurnSample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.RFormula;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From raw files to a holdout's AUC, with the committed contracts and SQL. */
class ChurnSignalIT {

  @Tag("long")
  @Test
  void committedSampleHoldsASignalThatIsNeitherWeakNorPerfect() {
    assertThat(auc(features(Conf.ROOT.resolve("sample-data/churn")))).isBetween(0.76, 0.86);
  }

  @Tag("long")
  @Test
  void otherSeedsHoldTheSameSignal(@TempDir Path dir) throws IOException {
    ChurnSample.write(dir, new ChurnSample.Spec(60_000, 4_500, 30, 1234));
    assertThat(auc(features(dir))).isBetween(0.76, 0.86);
  }

  static Dataset<Row> features(Path data) {
    StepOutput customers = ingest(data.resolve("customers.csv"), "customers-v1");
    StepOutput events = ingest(data.resolve("events"), "events-v1");
    MapContext context =
        new MapContext()
            .with("customers", customers.tables().get("rows"))
            .with("events", events.tables().get("rows"))
            .withOutput("features", Conf.schema("churn-features-v1"));
    Sql.Params params =
        new Sql.Params(Conf.sql("churn-features.sql"), Map.of("window-days", "30"), false);
    Dataset<Row> features = new Sql().run(context, params).tables().get("features");
    assertThat(Conf.columns(features.schema())).isEqualTo(Conf.columns("churn-features-v1"));
    return features;
  }

  static StepOutput ingest(Path files, String schema) {
    MapContext context =
        new MapContext()
            .withFiles("raw", "csv", Map.of(), files)
            .withOutput("rows", Conf.schema(schema));
    return new Ingest().run(context, Ingest.Params.NONE);
  }

  static double auc(Dataset<Row> features) {
    MapContext context =
        new MapContext()
            .with("rows", features.na().fill(40.0))
            .withOutput("train", Conf.schema("churn-features-v1"))
            .withOutput("holdout", Conf.schema("churn-features-v1"));
    StepOutput parts =
        new Split().run(context, new Split.Params(List.of("customer_id"), 0.25, 0, 42));
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new RFormula().setFormula("churned ~ . - customer_id"),
                  new LogisticRegression().setMaxIter(50).setRegParam(0.01)
                });
    Dataset<Row> train = parts.tables().get("train").coalesce(1).cache();
    Dataset<Row> scored = pipeline.fit(train).transform(parts.tables().get("holdout"));
    return new BinaryClassificationEvaluator().evaluate(scored);
  }
}
