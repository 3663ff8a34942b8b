package io.mlpipeline.steps;

import static io.mlpipeline.steps.IngestIT.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlpipeline.model.RowAccount;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Ingest.Deduplicate;
import io.mlpipeline.steps.Ingest.Params;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** A shop's invoices of 96 days, where {@code MLPIPELINE_DATA} or the folder beside us has them. */
class OnlineRetailIT {

  @Test
  void accountsForEveryInvoiceLine() {
    String set = System.getenv("MLPIPELINE_DATA");
    Path data = set == null ? Conf.ROOT.getParent().resolve("../shared/data") : Path.of(set);
    Path files = data.resolve("online_retail").toAbsolutePath().normalize();
    assumeTrue(
        Files.isDirectory(files),
        "the invoices are not here: set MLPIPELINE_DATA to the folder that holds online_retail");
    MapContext context =
        new MapContext()
            .withFiles("raw", "csv", Map.of(), files)
            .withOutput(
                "rows",
                schema(
                    "InvoiceNo string",
                    "StockCode string!",
                    "Description string",
                    "Quantity int!",
                    "InvoiceDate timestamp!",
                    "UnitPrice decimal(10,3)!",
                    "CustomerID int",
                    "Country string!"));
    StepOutput output =
        new Ingest()
            .run(context, new Params(Deduplicate.EXACT, List.of(), List.of(), Map.of(), Map.of()));
    assertThat(output.accounts().get("rows")).isEqualTo(new RowAccount(129_518, 999));
    assertThat(output.metrics())
        .contains(entry("rows_published", 128_519.0), entry("rows_bad", 0.0))
        .contains(entry("coerced_values.CustomerID", 92_312.0));
    Dataset<Row> rows = output.tables().get("rows");
    Row counts =
        rows.selectExpr(
                "count(*)",
                "count_if(Quantity < 0)",
                "count_if(contains(Description, '£'))",
                "count(distinct _source_file)")
            .head();
    assertThat(counts.getLong(0)).isEqualTo(128_519);
    assertThat(counts.getLong(1)).isEqualTo(2_888);
    assertThat(counts.getLong(2)).isPositive();
    assertThat(counts.getLong(3)).isEqualTo(96);
  }
}
