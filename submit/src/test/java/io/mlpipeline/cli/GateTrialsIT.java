package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that are not in force, tried on versions and on files. */
class GateTrialsIT {

  @TempDir Path temp;
  private EngineHarness shop;

  @BeforeEach
  void writesAPipeline() throws IOException {
    Files.createDirectories(temp.resolve("conf/schemas"));
    Files.createDirectories(temp.resolve("conf/pipelines"));
    Files.writeString(temp.resolve("conf/schemas/customers-v1.conf"), "columns { id: bigint }\n");
    Files.writeString(
        temp.resolve("conf/schemas/orders-v1.conf"),
        "columns { id: bigint, customer: bigint, amount: double }\n");
    Files.writeString(temp.resolve("customers.csv"), "id\n1\n2\n3\n");
    Path file = temp.resolve("conf/pipelines/shop.conf");
    Files.writeString(
        file,
        """
        pipeline: shop
        inputs {
          raw_customers: { files: "%1$s/customers.csv", format: csv, schema: customers-v1 }
          raw_orders: { files: "%1$s/orders.csv", format: csv, schema: orders-v1 }
        }
        steps {
          customers {
            uses: sql
            inputs { raw: raw_customers }
            params { query: "select * from raw" }
            outputs { customers: {} }
          }
          orders {
            uses: sql
            inputs { raw: raw_orders }
            params { query: "select * from raw" }
            outputs { orders: { gate { block: [ \"\"\"Mean "amount" > 0\"\"\" ] } } }
          }
        }
        """
            .formatted(temp));
    shop = EngineHarness.of(file, temp.resolve("wh"));
  }

  private void publishes(int rows, int amount) throws IOException {
    StringBuilder text = new StringBuilder("id,customer,amount\n");
    for (int i = 0; i < rows; i++) {
      text.append(i).append(',').append(1 + i % 4).append(',').append(amount).append('\n');
    }
    Files.writeString(temp.resolve("orders.csv"), text);
    assertThat(shop.run().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  private String tries(String what, String... rules) throws IOException {
    Path file = Files.writeString(temp.resolve("rules.txt"), String.join("\n", rules));
    return what.startsWith("--")
        ? shop.command("gates", "test", "--path", what.substring(2), "--rules", file.toString())
        : shop.command("gates", "test", what, "--rules", file.toString());
  }

  @Test
  void aVersionIsJudgedByOtherDatasetsAndByWhatWasBeforeIt() throws IOException {
    publishes(40, 10);
    publishes(44, 11);
    publishes(400, 900);
    publishes(48, 10);
    String[] rules = {
      "RowCount < max(last(5)) * 2",
      "DetectAnomalies \"Mean\" \"amount\"",
      "Drift \"amount\" \"previous\" <= 0.2",
      "NewCategories \"amount\" \"v0\" = 0",
      "ReferentialIntegrity \"customer\" \"customers.id\" >= 0.9",
    };
    assertThat(tries("shop/orders@v0", rules))
        .startsWith("5\n")
        .contains("not judged yet: has 0 of 2 runs", "no baseline yet: there is no previous")
        .contains("0.75")
        .contains("10 of 40 rows have no")
        .contains("shop/orders@v0, 40 rows; nothing was published");
    assertThat(tries("shop/orders@v2", rules))
        .contains("RowCount < max(last(5)) * 2: 400, expected < 88 (by 2 runs)")
        .contains("900, expected from", "(robust, by 2 runs)")
        .contains("from version 1 of orders", "1 not in version 0 of orders: \"900\"");
    assertThat(tries("shop/orders", "RowCount <= last() * 0.12 + 0.01"))
        .as("the newest version, after the one of 400 rows")
        .startsWith("0\n");
    Warehouse warehouse = Warehouse.open(temp.resolve("wh").toString(), temp);
    assertThat(warehouse.gates().newest("shop", "orders", 9)).hasSize(4);
    assertThat(temp.resolve("wh/_ml/gates/shop/orders/profiles")).doesNotExist();
  }

  @Test
  void whatATrialCannotSeeIsNamedByLineWithTheWayRound() throws IOException {
    publishes(8, 10);
    assertThat(
            tries(
                "shop/orders",
                "RowCount > 1",
                "ReferentialIntegrity \"customer\" \"custmers.id\" = 1.0"))
        .startsWith("2\n")
        .contains("rules.txt:2", "there is no table shop/custmers", "customers");
    assertThat(
            tries(
                "--" + temp.resolve("orders.csv"),
                "ReferentialIntegrity \"customer\" \"customers.id\" = 1.0"))
        .startsWith("2\n")
        .contains("rules.txt:1", "files have no other datasets", "PIPELINE/DATASET@vN");
  }

  @Test
  void filesAreReadAsTheyAreWritten() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("files"));
    Files.writeString(folder.resolve("a.csv"), "\uFEFFid;amount\r\n1;10\r\n2;\"20\"\r\n");
    Files.writeString(folder.resolve("b.csv"), "id;amount\n3;30\n");
    assertThat(tries("--" + folder, "IsUnique \"id\"", "Sum \"amount\" = 60")).startsWith("0\n");
    Files.writeString(folder.resolve("b.csv"), "amount;id\n30;3\n");
    assertThat(tries("--" + folder, "IsUnique \"id\""))
        .as("columns are never taken by position")
        .startsWith("3\n")
        .contains("contract-broken", "Expected: id but found: amount", "b.csv");
    String inferred = shop.command("schemas", "infer", folder.toString());
    assertThat(inferred).startsWith("3\n").contains("Expected: id but found: amount");
    Path array = temp.resolve("a.json");
    Files.writeString(array, "[\n  {\"id\": 1, \"amount\": 2.5},\n  {\"id\": 2}\n]\n");
    assertThat(tries("--" + array, "RowCount = 2", "IsComplete \"id\"")).startsWith("0\n");
  }
}
