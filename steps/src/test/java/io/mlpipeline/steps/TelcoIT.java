package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.step.StepOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The public Telco data, where {@code MLPIPELINE_DATA} or the folder beside us has it. */
@Tag("long")
class TelcoIT {

  static boolean isThere() {
    return Files.isRegularFile(file());
  }

  private static Path file() {
    String set = System.getenv("MLPIPELINE_DATA");
    Path data = set == null ? Conf.ROOT.resolve("../../shared/data") : Path.of(set);
    return data.resolve("telco_churn/Telco-Customer-Churn.csv").toAbsolutePath().normalize();
  }

  @Test
  @EnabledIf("isThere")
  void readsAllCustomersAndSaysWhichTotalsAreBlank() {
    MapContext context =
        new MapContext()
            .withFiles("raw", "csv", Map.of(), file())
            .withOutput("rows", Conf.schema("telco-customers-v1"));
    StepOutput customers = new Ingest().run(context, Ingest.Params.NONE);
    assertThat(customers.metrics())
        .containsEntry("rows_read", 7043.0)
        .containsEntry("rows_published", 7043.0)
        .containsEntry("blank_values.TotalCharges", 11.0);
    Dataset<Row> features = features(customers.tables().get("rows"));
    assertThat(features.filter("total_charges is null or churned is null").count()).isZero();
    assertThat(features.filter("total_charges = 0").count()).isEqualTo(11);
    assertThat(ChurnSignalIT.auc(features)).isBetween(0.82, 0.87);
  }

  private static Dataset<Row> features(Dataset<Row> customers) {
    MapContext context =
        new MapContext()
            .with("customers", customers)
            .withOutput("features", Conf.schema("telco-features-v1"));
    Sql.Params params = new Sql.Params(Conf.sql("telco-features.sql"), Map.of(), false);
    Dataset<Row> features = new Sql().run(context, params).tables().get("features");
    assertThat(Conf.columns(features.schema())).isEqualTo(Conf.columns("telco-features-v1"));
    return features;
  }
}
