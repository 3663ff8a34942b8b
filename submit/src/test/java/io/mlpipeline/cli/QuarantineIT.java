package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Engine;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.run.Replay;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that break rules, from the source to the quarantine and back, by the real engine. */
class QuarantineIT {

  @TempDir Path temp;
  private EngineHarness shop;

  @BeforeEach
  void writesAPipeline() throws IOException {
    Path conf = Files.createDirectories(temp.resolve("conf/pipelines"));
    Files.createDirectories(temp.resolve("conf/schemas"));
    Files.createDirectories(temp.resolve("data"));
    Files.writeString(
        temp.resolve("conf/schemas/sales-v1.conf"),
        "columns { id: \"bigint\", amount: \"int\" }\n");
    Files.writeString(
        temp.resolve("data/a.csv"), "id,amount\n1,10\n2,-5\n3,30\n4,\n5,50\n6,60\n7,70\n8,80\n");
    Files.writeString(
        conf.resolve("shop.conf"),
        """
        pipeline: shop
        inputs { raw: { files: "%s", format: csv, schema: sales-v1 } }
        steps {
          sales {
            uses: sql
            inputs  { raw: raw }
            params  { query: "select id, amount from raw" }
            outputs { sales: { as: sales, keys: [id], gate {
              block: ["RowCount > 2"]
              quarantine: [
                { name: positive, rule: "ColumnValues \\"amount\\" > 0" }
                { name: known, rule: "IsComplete \\"amount\\"" }
              ]
              max-quarantine: 0.5
            } } }
          }
          total {
            uses: sql
            inputs  { sales: sales }
            params  { query: "select sum(amount) as total from sales" }
            outputs { total: { as: total } }
          }
        }
        """
            .formatted(temp.resolve("data")));
    shop = EngineHarness.of(conf.resolve("shop.conf"), temp.resolve("warehouse"));
  }

  private Replay.Result replay(String from) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      return engine.replay(shop.open(), "sales", from);
    }
  }

  private Dataset<Row> table(String name) {
    return TestSpark.session().read().format("delta").load(temp + "/warehouse/shop/" + name);
  }

  private long total() {
    return table("total").head().getLong(0);
  }

  @Test
  void fewBadRowsAreSetApartCorrectedAndReplayedOnce() throws IOException {
    RunReport first = shop.run();
    assertThat(first.status()).isEqualTo(RunStatus.SUCCEEDED);
    GateReport gate = EngineHarness.step(first, "sales").gates().get(0);
    assertThat(gate.quarantine().byRule()).containsEntry("positive", 2L).containsEntry("known", 1L);
    assertThat(table("sales").count() + table("sales__quarantine").count()).isEqualTo(8);
    assertThat(total()).isEqualTo(300);
    assertThat(shop.command("runs", "show", first.runId().value()))
        .contains("2 rows of sales (known 1, positive 2) -> shop/sales__quarantine v0");

    Path corrected = temp.resolve("corrected.csv");
    Files.writeString(corrected, "amount,id\n5,2\n");
    Replay.Result replayed = replay(corrected.toString());
    assertThat(replayed.added()).isEqualTo(1);
    assertThat(replayed.remaining()).isEqualTo(1);
    assertThat(table("sales__quarantine").head().<Long>getAs("id")).isEqualTo(4);
    assertThat(
            shop.command("gates", "replay", shop.pipeline().toString(), "sales", "--output=json"))
        .startsWith("0\n")
        .contains("\"added\": 0", "\"remaining\": 1");
    Replay.Result again = replay(corrected.toString());
    assertThat(again.rejected())
        .as("the same corrections a second time: %s", again.gate())
        .isFalse();
    assertThat(again.added()).isZero();
    assertThat(again.remaining()).isEqualTo(1);

    RunReport second = shop.run();
    assertThat(EngineHarness.outcomes(second))
        .containsEntry("sales", "reuse reused")
        .containsEntry("total", "execute succeeded");
    assertThat(table("sales").count()).isEqualTo(7);
    assertThat(total()).isEqualTo(305);
    assertThat(shop.command("data", "show", "shop/sales")).contains("v1");
  }

  @Tag("long")
  @Test
  void replayFinishesWhatDiedBetweenItsCommits() throws IOException {
    shop.run();
    TestSpark.session()
        .sql(
            "update delta.`"
                + temp
                + "/warehouse/shop/sales__quarantine` set amount = 1 where id in (2, 4)");
    assertThat(replay(null).added()).isEqualTo(2);
    // As if the process had died before the second commit, which emptied the quarantine.
    Path log = temp.resolve("warehouse/shop/sales__quarantine/_delta_log");
    Files.delete(log.resolve("00000000000000000002.json"));
    Files.deleteIfExists(log.resolve("00000000000000000002.crc"));
    Replay.Result finished = replay(null);
    assertThat(finished.added()).isEqualTo(2);
    assertThat(table("sales").count()).isEqualTo(8);
    assertThat(table("sales").select("id").distinct().count()).isEqualTo(8);
    assertThat(table("sales__quarantine").count()).isZero();
  }

  @Test
  void tooManyBadRowsPublishNothing() {
    EngineHarness.edit(shop.pipeline(), "max-quarantine: 0.5", "max-quarantine: 0.2");
    RunReport report = shop.run();
    assertThat(report.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(report.failure().message())
        .contains("2 of 8 rows of sales", "max-quarantine 0.2", "shop/sales__quarantine/part-");
    assertThat(Files.exists(temp.resolve("warehouse/shop/sales/_delta_log"))).isFalse();
  }
}
