package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.train.TrainClassifier;
import io.mlpipeline.steps.train.TrainClassifier.Algorithm;
import io.mlpipeline.steps.train.TrainParams;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trains on real customers, who are kept outside the repository. */
@Tag("long")
class TelcoChurnIT {

  private static final String FILE = "shared/data/telco_churn/Telco-Customer-Churn.csv";

  @Test
  void separatesRealCustomersAsWellAsItIsKnownToBePossible() {
    Optional<Path> file = find();
    assumeTrue(file.isPresent(), "the real data is not beside the project: " + FILE);
    Dataset<Row> rows =
        TestSpark.session()
            .read()
            .option("header", "true")
            .option("inferSchema", "true")
            .csv(file.get().toString())
            .selectExpr("*", "try_cast(nullif(trim(TotalCharges), '') AS double) AS total");
    String holdout = "pmod(xxhash64(customerID), 100) < 20";
    TrainParams<TrainClassifier.Params> params =
        TrainParams.of(Algorithm.LOGISTIC_REGRESSION)
            .numeric("tenure", "MonthlyCharges", "total", "SeniorCitizen")
            .categorical(
                "gender",
                "Partner",
                "Dependents",
                "PhoneService",
                "MultipleLines",
                "InternetService",
                "OnlineSecurity",
                "OnlineBackup",
                "DeviceProtection",
                "TechSupport",
                "StreamingTV",
                "StreamingMovies",
                "Contract",
                "PaperlessBilling",
                "PaymentMethod")
            .with("label", "Churn")
            .with("positive", "Yes")
            .with("key", List.of("customerID"));
    StepOutput trained =
        new TrainClassifier()
            .run(StepTestContext.of("rows", rows.where("NOT " + holdout)), params.build());
    StepOutput measured =
        new Evaluate()
            .run(
                StepTestContext.of("rows", rows.where(holdout))
                    .with("lr", (PipelineModel) trained.models().get("model")),
                EvaluateParams.of("Churn").positive("Yes").slices("Contract").build());
    assertThat(measured.metrics().get("lr_model.auc_roc")).isBetween(0.82, 0.87);
    assertThat(measured.metrics()).containsKey("lr_model.auc_pr[Contract=Two year]");
  }

  private static Optional<Path> find() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(FILE))) {
        return Optional.of(at.resolve(FILE));
      }
    }
    return Optional.empty();
  }
}
