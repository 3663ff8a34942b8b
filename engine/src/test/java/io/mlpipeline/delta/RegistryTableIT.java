package io.mlpipeline.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.json.RegistryEventJson;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.ModelHistory;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of the registry's events as delta-spark sees it. */
class RegistryTableIT {

  @TempDir private Path directory;

  private final SparkSession spark = TestSpark.session();
  private final ModelRegistry registry = new FakeRegistry();

  private RegistryTable table() {
    return new RegistryTable(directory.toString(), new HadoopSettings());
  }

  private Dataset<Row> rows() {
    return spark.read().format("delta").load(directory.toString());
  }

  @Tag("long")
  @Test
  void deltaSparkReadsWhatWasMeasuredAndDecided() {
    new ModelHistory(registry, "churn")
        .registered("1.0.0", "ann")
        .evaluated("1.0.0", 0.84, "ann")
        .promoted("1.0.0", PromotionStage.STAGING, "bob");
    table().fold(registry);
    assertThat(rows().where("kind = 'registered' and card is not null").count()).isOne();
    assertThat(
            rows()
                .where("number = 2")
                .selectExpr(
                    "model", "holdout", "measured[0].metric", "measured[1].value", "champion")
                .head())
        .isEqualTo(RowFactory.create("churn", "c1:1400:00", "auc_roc", 0.83, null));
    assertThat(
            rows()
                .where("to_stage = 'staging'")
                .selectExpr(
                    "from_stage",
                    "by",
                    "unix_seconds(at)",
                    "evidence_at",
                    "decided[0].observed['candidate.auc_roc']",
                    "seal",
                    "restored is null")
                .head())
        .isEqualTo(
            RowFactory.create(
                "experimental",
                "bob",
                ModelHistory.at(3).getEpochSecond(),
                2L,
                0.84,
                RegistryEventJson.seal(registry.event("churn", 3).orElseThrow()),
                true));
  }

  @Tag("long")
  @Test
  void everyEventIsThereOnceHoweverManyFoldAndWhateverDeltaSparkDidToIt() throws Exception {
    ModelHistory churn = new ModelHistory(registry, "churn").registered("1.0.0", "ann");
    table().fold(registry);
    table().fold(registry);
    assertThat(rows().count()).isOne();
    for (int i = 1; i < 6; i++) {
      churn.registered("1." + i + ".0", "ann");
    }
    new ModelHistory(registry, "bike").registered("1.0.0", "ann");
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Callable<Boolean>> folders = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        folders.add(
            () -> {
              table().fold(registry);
              return true;
            });
      }
      for (Future<Boolean> folder : pool.invokeAll(folders)) {
        assertThat(folder.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
    spark.sql("OPTIMIZE delta.`" + directory + "`");
    churn.approved("1.0.0", "bob");
    table().fold(registry);
    assertThat(rows().count()).isEqualTo(8);
    assertThat(rows().select("model", "number").distinct().count()).isEqualTo(8);
    assertThat(rows().where("model = 'churn'").selectExpr("max(number)").head().getLong(0))
        .isEqualTo(7);
  }

  @Tag("long")
  @Test
  void smallFilesBecomeOneWithoutLosingARow() {
    ModelHistory churn = new ModelHistory(registry, "churn");
    for (int i = 0; i < 3; i++) {
      churn.registered("1." + i + ".0", "ann");
      table().fold(registry);
    }
    assertThat(rows().inputFiles()).hasSize(3);
    table().compact(2);
    assertThat(rows().inputFiles()).hasSize(1);
    assertThat(rows().selectExpr("count(*)", "sum(number)", "count(distinct seal)").head())
        .isEqualTo(RowFactory.create(3L, 6L, 3L));
  }
}
