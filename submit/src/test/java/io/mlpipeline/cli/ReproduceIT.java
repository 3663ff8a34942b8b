package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.tables.DeltaTable;
import io.mlpipeline.Engine;
import io.mlpipeline.Warehouse;
import io.mlpipeline.gc.GcOptions;
import io.mlpipeline.gc.GcPlan;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.plan.Reproduced;
import io.mlpipeline.reproduce.DeterminismAudit;
import io.mlpipeline.reproduce.Reproducer;
import io.mlpipeline.reproduce.Reproduction;
import io.mlpipeline.testkit.ModelSets;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is run again from its receipt, by the real engine. */
class ReproduceIT {

  @TempDir Path temp;
  private EngineHarness shop;
  private RunReport first;

  @BeforeEach
  void runsOnce() throws IOException {
    Path conf = Files.createDirectories(temp.resolve("conf/pipelines"));
    Files.createDirectories(temp.resolve("conf/schemas"));
    Files.createDirectories(temp.resolve("data"));
    Files.writeString(
        temp.resolve("conf/schemas/sales-v1.conf"),
        "columns { id: \"bigint\", amount: \"int\" }\n");
    Files.writeString(temp.resolve("data/a.csv"), "id,amount\n1,10\n2,-5\n3,30\n4,40\n");
    Files.writeString(temp.resolve("data/b.csv"), "id,amount\n5,50\n6,60\n");
    Files.writeString(
        conf.resolve("shop.conf"),
        """
        pipeline: shop
        params { least: 0 }
        inputs { raw: { files: "%s", format: csv, schema: sales-v1 } }
        steps {
          sales {
            uses: sql
            inputs  { raw: raw }
            params  { query: "select id, amount from raw" }
            outputs { sales: { as: sales, keys: [id], gate {
              block: ["RowCount > 2"]
              quarantine: [{ name: positive, rule: "ColumnValues \\"amount\\" > 0" }]
              max-quarantine: 0.5
            } } }
          }
          lots {
            uses: sql
            inputs  { sales: sales }
            params  { arguments { least: ${params.least} }, non-deterministic: true
                      query: "select id, amount, rand() as lot from sales where amount > :least" }
            outputs { lots: { as: lots, keys: [id] } }
          }
          stock {
            uses: sql
            inputs  { sales: sales }
            params  { arguments { least: ${params.least} }
                      query: "select id, amount, :least as least from sales where amount > :least" }
            outputs { stock: { as: stock, mode: merge, keys: [id] } }
          }
        }
        """
            .formatted(temp.resolve("data")));
    shop = EngineHarness.of(conf.resolve("shop.conf"), temp.resolve("warehouse"));
    first = shop.run();
    assertThat(first.status()).as(String.valueOf(first.failure())).isEqualTo(RunStatus.SUCCEEDED);
  }

  private Reproduction again(Reproducer.Scratch scratch) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      return new Reproducer(Warehouse.open(shop.warehouse().toString(), temp), engine, Map.of())
          .run(first.runId().value(), null, scratch);
    }
  }

  @Test
  void theRunOfThenComesOutWhateverTheFilesSayNowAndNothingIsTouched() throws IOException {
    EngineHarness.edit(shop.pipeline(), "least: 0", "least: 35");
    assertThat(shop.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    Map<String, Long> heads = EngineHarness.versions(shop.runWithoutSpark().orElseThrow());
    Reproduction result = again(Reproducer.Scratch.REMOVED);
    Reproduced sales = result.steps().get(0);
    assertThat(sales.why()).isEmpty();
    assertThat(sales.outcome()).isEqualTo(Reproduced.Outcome.IDENTICAL);
    Reproduced lots = result.steps().get(1);
    assertThat(lots.outcome()).isEqualTo(Reproduced.Outcome.EQUIVALENT);
    assertThat(lots.why().get(0)).isEqualTo("lots: column lot differs");
    assertThat(lots.drift()).isEmpty();
    assertThat(result.outcome()).isEqualTo(Reproduced.Outcome.EQUIVALENT);
    assertThat(temp.resolve("warehouse/_ml/reproduce/")).isEmptyDirectory();
    assertThat(EngineHarness.versions(shop.runWithoutSpark().orElseThrow())).isEqualTo(heads);
  }

  @Tag("long")
  @Test
  void aBatchIsMergedAgainIntoWhatItWasMergedIntoThenAsLongAsThatIsThere() throws IOException {
    assertThat(stock(again(Reproducer.Scratch.REMOVED)).outcome())
        .isEqualTo(Reproduced.Outcome.IDENTICAL);
    EngineHarness.edit(shop.pipeline(), "least: 0", "least: 35");
    RunReport second = shop.run();
    EngineHarness.edit(shop.pipeline(), "least: 35", "least: 45");
    assertThat(shop.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    first = second;
    Reproduced merged = stock(again(Reproducer.Scratch.REMOVED));
    assertThat(merged.why()).isEmpty();
    assertThat(merged.outcome()).isEqualTo(Reproduced.Outcome.IDENTICAL);
    Warehouse warehouse = Warehouse.open(shop.warehouse().toString(), temp);
    warehouse.tables().find("shop/stock", 0).orElseThrow().files().stream()
        .map(file -> shop.warehouse().resolve("shop/stock").resolve(file.path()))
        .forEach(ReproduceIT::delete);
    Reproduced lost = stock(again(Reproducer.Scratch.REMOVED));
    assertThat(lost.outcome()).isEqualTo(Reproduced.Outcome.IMPOSSIBLE);
    assertThat(lost.why())
        .containsExactly(
            "version 0 of table shop/stock, which its batch was merged into, cannot be read any"
                + " more");
  }

  @Test
  void gcKeepsWhatAModelNeedsAndACheckFindsWhatAVacuumTook() throws IOException {
    EngineHarness.edit(shop.pipeline(), "least: 0", "least: 35");
    assertThat(shop.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    Warehouse warehouse = Warehouse.open(shop.warehouse().toString(), temp);
    OutputVersion lots =
        first.steps().stream()
            .flatMap(step -> step.outputs().stream())
            .filter(output -> output.name().equals("lots"))
            .findFirst()
            .orElseThrow();
    new ModelSets(warehouse.registry(), warehouse.tables(), warehouse.models())
        .inProduction("1.0.0", Map.of(), lots);
    InstantSource later = InstantSource.fixed(Instant.now().plus(Duration.ofDays(3)));
    GcPlan plan =
        warehouse.housekeeper(later).plan(new GcOptions(Duration.ofDays(1), 1, null, null));
    assertThat(plan.kept()).contains("kept 1 version of shop/lots for churn@1.0.0 (production)");
    assertThat(warehouse.housekeeper(later).carryOut(plan, "ann")).isEmpty();
    assertThat(check().code()).isZero();
    SparkSession session = TestSpark.session().newSession();
    session.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", false);
    DeltaTable.forPath(session, shop.warehouse().resolve("shop/lots").toString()).vacuum(0);
    Ran broken = check();
    assertThat(broken.code()).isEqualTo(8);
    assertThat(broken.out())
        .contains("churn@1.0.0  production  shop/lots@v0", "files of version 0 are gone");
  }

  private Ran check() {
    return Ran.in(temp, "models", "check", "--warehouse", shop.warehouse().toString());
  }

  private static Reproduced stock(Reproduction reproduction) {
    return reproduction.steps().stream()
        .filter(step -> step.step().equals("stock"))
        .findFirst()
        .orElseThrow();
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anAuditNamesTheColumnThatIsNotTheSameTwice() {
    DeterminismAudit lots = audit("lots");
    assertThat(lots.isDeterministic()).isFalse();
    DeterminismAudit.Output table = lots.outputs().get(0);
    assertThat(table.columns()).containsExactly("lot");
    assertThat(table.rows()).isEqualTo(5);
    assertThat(table.example()).startsWith("id=");
    assertThat(audit("sales").isDeterministic()).isTrue();
  }

  private DeterminismAudit audit(String step) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      return new Reproducer(Warehouse.open(shop.warehouse().toString(), temp), engine, Map.of())
          .audit("shop", step);
    }
  }

  @Test
  void saysWhichFileIsGoneOrAnotherAndGoesOnWithTheRest() throws IOException {
    Files.delete(temp.resolve("data/b.csv"));
    Files.writeString(temp.resolve("data/a.csv"), "id,amount\n1,11\n2,-5\n3,30\n4,40\n");
    Reproduction result = again(Reproducer.Scratch.REMOVED);
    assertThat(result.outcome()).isEqualTo(Reproduced.Outcome.IMPOSSIBLE);
    assertThat(result.steps().get(0).why()).hasSize(2);
    assertThat(result.steps().get(0).why().get(0)).contains("file a.csv of input raw is another");
    assertThat(result.steps().get(0).why().get(1)).contains("file b.csv of input raw is gone");
    assertThat(result.steps().get(1).outcome()).isEqualTo(Reproduced.Outcome.EQUIVALENT);
  }
}
