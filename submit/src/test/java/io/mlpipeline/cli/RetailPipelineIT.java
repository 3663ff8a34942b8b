package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shop's invoices of 96 days, each line of which is accounted for. */
class RetailPipelineIT {

  private static final String CANCELLATION = "InvoiceNo like 'C%'";

  @TempDir Path temp;

  @Tag("long")
  @Test
  void everyInvoiceLineIsPublishedSetApartOrARepetition() {
    Path data = RealData.folderWith("online_retail/2011-01-04.csv");
    RunReport report =
        EngineHarness.of(
                EngineHarness.CONF.resolve("pipelines/retail.conf"), temp.resolve("warehouse"))
            .with("data", data.toString())
            .run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    StepReport step = EngineHarness.step(report, "ingest");
    GateReport gate = step.gates().get(0);

    assertThat(outcome(gate, "rows-accounted-for").passed()).isTrue();
    assertThat(outcome(gate, "rows-accounted-for").observed())
        .isEqualTo(
            Map.of(
                "read", 129_518.0,
                "published", 128_055.0,
                "quarantined", 464.0,
                "deduplicated", 999.0));
    assertThat(gate.quarantine().byRule())
        .containsExactly(entry("returned-without-cancellation", 464L));
    assertThat(step.metrics()).containsEntry("coerced_values.CustomerID", 92_312.0);
    assertThat(gate.outcomes().stream().filter(o -> !o.passed()).map(o -> o.rule().text()))
        .containsExactly(
            "IsComplete \"CustomerID\"",
            "IsComplete \"Description\"",
            "ColumnValues \"UnitPrice\" > 0");

    Row published =
        table("lines")
            .selectExpr(
                "count(*)",
                "count_if(" + CANCELLATION + ")",
                "count_if(Quantity < 0)",
                "count_if(CustomerID is null)",
                "count_if(contains(Description, '£'))")
            .head();
    assertThat(published.getLong(0)).isEqualTo(128_055);
    assertThat(published.getLong(1)).isEqualTo(2_424);
    assertThat(published.getLong(2)).isEqualTo(2_424);
    assertThat(published.getLong(3)).isEqualTo(36_207 - 464);
    assertThat(published.getLong(4)).isPositive();
    Row apart =
        table("lines__quarantine")
            .selectExpr(
                "count(*)",
                "count_if(Quantity < 0 and not " + CANCELLATION + ")",
                "count(_source_file)",
                "count_if(contains(_source_file, date_format(to_utc_timestamp(InvoiceDate,"
                    + " current_timezone()), 'yyyy-MM-dd')))")
            .head();
    assertThat(apart.toSeq().mkString(" ")).isEqualTo("464 464 464 464");
  }

  private static RuleOutcome outcome(GateReport gate, String id) {
    return gate.outcomes().stream().filter(o -> o.rule().id().equals(id)).findFirst().orElseThrow();
  }

  private Dataset<Row> table(String name) {
    return TestSpark.session().read().format("delta").load(temp + "/warehouse/retail/" + name);
  }
}
