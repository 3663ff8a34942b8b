package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.steps.Failing;
import com.holdenkarau.spark.testing.JavaDataFrameSuiteBase;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Staged;
import io.mlpipeline.step.BoundModel;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingIT {

  @TempDir Path warehouse;
  private Attempts attempts;

  @BeforeEach
  void open() {
    attempts = new Attempts(warehouse);
  }

  /** spark-testing-base compares frames; only its start of a session of its own is left out. */
  private static void assertSame(Dataset<Row> expected, Dataset<Row> found) {
    new JavaDataFrameSuiteBase().assertDataFrameNoOrderEquals(expected, found);
  }

  private StagedTable stage(AttemptSession session, Dataset<Row> rows) {
    return session.stage(StepOutput.table("rows", rows)).tables().get(0);
  }

  @Test
  void manyRowsGoIntoFewFilesOfEachPartition() {
    try (AttemptSession session =
        attempts.open("many", Attempts.output("rows", null, List.of("p"), List.of()))) {
      Dataset<Row> rows =
          session.context().spark().range(0, 1_500_000, 1, 4).selectExpr("id", "id % 3 AS p");
      StagedTable table = stage(session, rows);
      assertThat(table.rows()).isEqualTo(1_500_000);
      assertThat(table.files())
          .extracting(file -> file.partition().get("p"))
          .contains("0", "1", "2");
      assertThat(table.files()).as("four tasks, and three partitions").hasSizeLessThan(12);
    }
  }

  @Test
  void stagesExactlyTheFilesThatItNamesAndNothingElse() {
    try (AttemptSession session = attempts.open("one", Attempts.output("rows"))) {
      Dataset<Row> rows = session.context().spark().range(0, 5000, 1, 3).toDF("id");
      StagedTable table = stage(session, rows);

      assertThat(Attempts.tree(warehouse))
          .extracting(file -> warehouse.relativize(file).toString())
          .containsExactlyElementsOf(
              table.files().stream().map(file -> "churn/rows/" + file.path()).toList());
      assertThat(table.files())
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file.path())
                    .startsWith("part-r20240601-020000-1f3a9c-one-1-")
                    .endsWith(".snappy.parquet");
                assertThat(file.rows()).isEqualTo(5000);
                assertThat(file.size())
                    .isEqualTo(Files.size(warehouse.resolve(table.uri()).resolve(file.path())));
                assertThat(file.stats())
                    .isEqualTo(
                        "{\"numRecords\":5000,\"minValues\":{\"id\":0},\"maxValues\":{\"id\":4999},"
                            + "\"nullCount\":{\"id\":0}}");
              });
      assertThat(table.schemaJson()).contains("\"nullable\":true").doesNotContain("false");
    }
  }

  @Test
  void readsBackWhatItWroteWhateverIsInThePartitionValues() {
    List<String> hostile =
        List.of(
            "plain",
            "a/b",
            "a=b",
            "50%",
            "%2F",
            "x{y}[z]*?",
            "sp ace",
            "q\"uote'",
            "__x",
            ".dot",
            "c:d",
            "#h",
            "tab\tbed",
            "null",
            "__HIVE",
            "\\back");
    PinnedInput input;
    List<Row> expected;
    try (AttemptSession session =
        attempts.open(
            "parts", Attempts.output("rows", null, List.of("P", "day", "n"), List.of()))) {
      SparkSession spark = session.context().spark();
      Dataset<Row> rows =
          spark
              .createDataset(hostile, Encoders.STRING())
              .toDF("p")
              .selectExpr(
                  "length(p) as v",
                  "p",
                  "date'2024-02-29' as day",
                  "cast('007' as int) n",
                  "p as copy")
              .unionAll(
                  spark.sql("select 1, cast(null as string), cast(null as date), null, null"));
      expected = rows.collectAsList();
      StagedTable table = stage(session, rows);
      assertThat(table.partitionBy()).containsExactly("p", "day", "n");
      assertThat(table.files()).hasSize(hostile.size() + 1);
      assertThat(table.files())
          .anySatisfy(
              file ->
                  assertThat(file.partition())
                      .isEqualTo(Map.of("p", "a/b", "day", "2024-02-29", "n", "7")))
          .anySatisfy(
              file -> assertThat(file.partition()).isEqualTo(Map.of("p", "", "day", "", "n", "")));
      input = attempts.publish("rows", table);
    }
    try (AttemptSession session = attempts.open("read", List.of(input), List.of())) {
      Dataset<Row> back = session.context().input("rows");
      assertThat(back.schema().simpleString())
          .isEqualTo("struct<v:int,p:string,day:date,n:int,copy:string>");
      assertThat(back.collectAsList()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(back.where("p = '%2F'").count()).isEqualTo(1);
    }
  }

  @Test
  void readsWithSparkTestingBaseTheSameFrame() {
    try (AttemptSession session = attempts.open("same", Attempts.output("rows"))) {
      SparkSession spark = session.context().spark();
      Dataset<Row> rows =
          spark.sql(
              "select id, id / 3 as third, cast(id as decimal(20,2)) d, array(id, null) a,"
                  + " named_struct('x', id) s, map('k', id) m, timestamp'1890-01-01 00:00:01' t,"
                  + " date'0001-01-01' old, cast('b' as binary) b, id % 2 = 0 as even"
                  + " from range(100)");
      PinnedInput input = attempts.publish("rows", stage(session, rows));
      try (AttemptSession next = attempts.open("next", List.of(input), List.of())) {
        Dataset<Row> back = next.context().input("rows");
        assertThat(back.schema().simpleString()).isEqualTo(rows.schema().simpleString());
        Dataset<Row> nullable = spark.createDataFrame(rows.toJavaRDD(), back.schema());
        assertSame(nullable.drop("m"), back.drop("m"));
        assertThat(back.selectExpr("m['k'] k").collectAsList())
            .containsExactlyInAnyOrderElementsOf(rows.selectExpr("id k").collectAsList());
      }
    }
  }

  @Test
  void stagesNoRowsAsNoFilesAndReadsThemBack() {
    try (AttemptSession session =
        attempts.open("none", Attempts.output("rows", null, List.of("p"), List.of()))) {
      StagedTable table =
          stage(session, session.context().spark().sql("select 1 v, 'a' p limit 0"));
      assertThat(table.files()).isEmpty();
      assertThat(table.rows()).isZero();
      assertThat(Attempts.tree(warehouse)).isEmpty();
      PinnedInput input = attempts.publish("rows", table);
      try (AttemptSession next = attempts.open("next", List.of(input), List.of())) {
        assertThat(next.context().input("rows").schema().simpleString())
            .isEqualTo("struct<v:int,p:string>");
        assertThat(next.context().input("rows").count()).isZero();
      }
    }
  }

  @Test
  void leavesNoFileOfItsOwnWhenATaskFails() {
    try (AttemptSession session =
        attempts.open("fails", Attempts.output("first"), Attempts.output("rows"))) {
      SparkSession spark = session.context().spark();
      Dataset<Row> fine = spark.range(10).toDF("id");
      Dataset<Row> bad =
          spark
              .range(0, 100, 1, 4)
              .map((MapFunction<Long, Long>) Failing::failAtSeventy, Encoders.LONG())
              .toDF("id");
      assertThatThrownBy(
              () -> session.stage(StepOutput.table("first", fine).withTable("rows", bad)))
          .satisfies(
              e -> {
                EngineException known = SparkFailures.classify(e).orElseThrow();
                assertThat(known.type().code()).isEqualTo("step-failed");
                assertThat(known).hasMessage("IllegalStateException: seventy is out");
                assertThat(known.diagnostics().get("first-frame")).contains("failAtSeventy");
              });
      assertThat(Attempts.tree(warehouse)).isEmpty();
    }
  }

  @Test
  void keepsParallelAttemptsAndTheirViewsApart() throws Exception {
    List<Callable<StagedTable>> work = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int n = i;
      work.add(
          () -> {
            String name = "step" + n;
            try (AttemptSession session = attempts.open(name, Attempts.output("rows"))) {
              SparkSession spark = session.context().spark();
              spark.range(100 + n).createOrReplaceTempView("same_name");
              return stage(session, spark.sql("select id, " + n + " as n from same_name"));
            }
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(6);
    try {
      List<DataFile> all = new ArrayList<>();
      int i = 0;
      for (Future<StagedTable> future : pool.invokeAll(work)) {
        StagedTable table = future.get();
        assertThat(table.rows()).isEqualTo(100 + i);
        assertThat(table.files()).allSatisfy(f -> assertThat(f.path()).contains(table.attempt()));
        all.addAll(table.files());
        i++;
      }
      assertThat(Attempts.tree(warehouse)).hasSize(all.size());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void givesEveryAttemptTheSettingsThatDecideResults() {
    try (AttemptSession session = attempts.open("settings", Attempts.output("rows"))) {
      SparkSession spark = session.context().spark();
      assertThat(spark.conf().get("spark.sql.session.timeZone")).isEqualTo("UTC");
      assertThat(spark.conf().get("parquet.page.verify-checksum.enabled")).isEqualTo("true");
      assertThat(spark).isNotSameAs(TestSpark.session());
      Dataset<Row> foreign = TestSpark.session().range(3).toDF();
      assertThatThrownBy(() -> stage(session, foreign))
          .hasMessageContaining("another SparkSession");
    }
    assertThat(TestSpark.session().sparkContext().isStopped()).isFalse();
  }

  @Test
  void givesTheThreadBackAsItWas() {
    SparkSession root = TestSpark.session();
    SparkSession.setActiveSession(root);
    root.sparkContext().setJobGroup("notebook", "theirs", false);
    try {
      try (AttemptSession session = attempts.open("thread", Attempts.output("rows"))) {
        SparkSession own = session.context().spark();
        assertThat(SparkSession.active()).isSameAs(own);
        assertThat(root.sparkContext().getLocalProperty("spark.job.description"))
            .isEqualTo("churn/thread");
        assertThat(root.sparkContext().getLocalProperty("spark.scheduler.pool"))
            .isEqualTo("r20240601-020000-1f3a9c-thread-1");
      }
      assertThat(SparkSession.active()).isSameAs(root);
      assertThat(root.sparkContext().getLocalProperty("spark.jobGroup.id")).isEqualTo("notebook");
      assertThat(root.sparkContext().getLocalProperty("spark.scheduler.pool")).isNull();
    } finally {
      root.sparkContext().clearJobGroup();
      SparkSession.clearActiveSession();
    }
  }

  @Test
  void neverStopsAnApplicationThatRanBefore() {
    TestSpark.session();
    SparkSessions started =
        SparkSessions.start(
            new SparkOptions("x", 2, Map.of()),
            warehouse.toString(),
            attempts,
            attempts,
            new io.mlpipeline.delta.StoredGates(new io.mlpipeline.testkit.InMemoryObjectStore()),
            attempts.ledger());
    assertThat(started.applicationId())
        .isEqualTo(TestSpark.session().sparkContext().applicationId());
    started.close();
    attempts.sessions().close();
    assertThat(TestSpark.session().sparkContext().isStopped()).isFalse();
  }

  @Test
  void publishesTheSameModelUnderAnotherNameWithoutCopying() {
    ModelSignature.Field age = new ModelSignature.Field("age", "int");
    ModelSignature signature = new ModelSignature("regression", List.of(age), age, List.of(age));
    ModelManifest manifest =
        new ModelManifest(
            "churn",
            "lr",
            "m1:" + "a".repeat(64),
            "_ml/models/churn/lr/x",
            "r",
            "x",
            List.of(new ModelFile("metadata/part-00000", 7, "b".repeat(64))),
            signature);
    attempts.publish(manifest);
    PinnedInput input =
        new PinnedInput(
            "best",
            "lr",
            null,
            new OutputVersion(
                OutputKind.MODEL,
                "model",
                "lr",
                manifest.uri(),
                0,
                manifest.digest(),
                null,
                0,
                7,
                null));
    try (AttemptSession session =
        attempts.open("same", List.of(input), List.of(), Attempts.output("champion"))) {
      assertThat(session.context().models()).isEqualTo(Map.of("best", "lr"));
      assertThat(session.context().boundModel("best"))
          .isEqualTo(new BoundModel("lr", manifest.digest()));
      assertThat(session.context().inputIdentity("best")).isEqualTo(manifest.digest());
      assertThat(session.context().inputs()).isEmpty();
      assertThatThrownBy(() -> session.context().input("best")).hasMessageContaining("a model");
      assertThat(session.stage(StepOutput.sameModel("champion", "best")).models())
          .containsExactly(
              new StagedModel(
                  "champion",
                  "champion",
                  manifest.uri(),
                  manifest.digest(),
                  manifest.files(),
                  signature));
      assertThatThrownBy(() -> session.stage(StepOutput.sameModel("champion", "worst")))
          .hasMessageContaining("worst is not bound");
    }
    assertThat(Attempts.tree(warehouse)).isEmpty();
  }

  @Test
  void keepsRowsAsideAsJsonLinesAndCountsThem() throws Exception {
    try (AttemptSession session = attempts.open("aside", Attempts.output("rows"))) {
      SparkSession spark = session.context().spark();
      Staged staged =
          session.stage(
              StepOutput.table("rows", spark.range(1).toDF())
                  .withMetric("auc", 0.5)
                  .withAside("bad", spark.sql("select 'a\nb' as raw, null as x from range(3)"))
                  .withAside("none", spark.range(0).toDF()));
      assertThat(staged.metrics()).isEqualTo(Map.of("auc", 0.5, "bad_rows", 3.0, "none_rows", 0.0));
      Path aside = warehouse.resolve("_ml/runs/r20240601-020000-1f3a9c/aside/aside");
      assertThat(aside.resolve("none")).doesNotExist();
      assertThat(Attempts.tree(aside)).hasSize(1);
      assertThat(Files.readAllLines(Attempts.tree(aside).get(0)))
          .hasSize(3)
          .containsOnly("{\"raw\":\"a\\nb\",\"x\":null}");
    }
  }

  @Test
  void refusesWhatDoesNotMatchTheDeclaredPorts() {
    try (AttemptSession session = attempts.open("ports", Attempts.output("rows"))) {
      Dataset<Row> rows = session.context().spark().range(3).toDF();
      assertThatThrownBy(() -> session.stage(StepOutput.table("other", rows)))
          .hasMessageContaining("nothing at its output port rows");
      assertThatThrownBy(
              () -> session.stage(StepOutput.table("rows", rows).withTable("extra", rows)))
          .hasMessageContaining("port extra")
          .hasMessageContaining("declare it under outputs");
      assertThatThrownBy(() -> session.context().input("nope")).hasMessageContaining("not bound");
      assertThat(Attempts.tree(warehouse)).isEmpty();
    }
  }

  @Test
  void stagesBesideWhatIsThereAndDiscardsOnlyItsOwn() {
    SparkSession root = TestSpark.session();
    String table = warehouse.resolve("churn/rows").toString();
    root.range(7).toDF("id").write().format("delta").save(table);
    List<Path> before = Attempts.tree(warehouse);
    try (AttemptSession session = attempts.open("beside", Attempts.output("rows"))) {
      StagedTable staged = stage(session, session.context().spark().range(3).toDF("id"));
      assertThat(root.read().format("delta").load(table).count()).isEqualTo(7);
      assertThat(Attempts.tree(warehouse)).hasSize(before.size() + 1);
      session.discard(staged);
      session.discard(staged);
      assertThat(Attempts.tree(warehouse)).isEqualTo(before);
    }
  }

  @Test
  void takesBoundsOnlyWhereTheFooterCanBeTrusted() {
    try (AttemptSession session = attempts.open("stats", Attempts.output("rows"))) {
      Dataset<Row> rows =
          session
              .context()
              .spark()
              .sql(
                  "select * from values (1, 1.5D, 1.5, 'b', repeat('x', 40), timestamp'2024-01-01',"
                      + " array(1), null), (null, double('NaN'), -2.5, 'a', 'y', null, null, null)"
                      + " as t(i, f, d, s, l, t, a, n)")
              .withColumn("n", org.apache.spark.sql.functions.lit(null).cast("int"))
              .withColumn("q\"", org.apache.spark.sql.functions.lit(Date.valueOf("2024-02-29")));
      assertThat(stage(session, rows).files().get(0).stats())
          .isEqualTo(
              "{\"numRecords\":2,"
                  + "\"minValues\":{\"i\":1,\"d\":-2.5,\"s\":\"a\",\"q\\\"\":\"2024-02-29\"},"
                  + "\"maxValues\":{\"i\":1,\"d\":1.5,\"s\":\"b\",\"q\\\"\":\"2024-02-29\"},"
                  + "\"nullCount\":{\"i\":1,\"f\":0,\"d\":0,\"s\":0,\"l\":0,\"t\":1,\"n\":2,"
                  + "\"q\\\"\":0}}");
    }
  }

  @Test
  void cancelsRunningJobsAndStartsNoMore() throws Exception {
    try (AttemptSession session = attempts.open("cancel", Attempts.output("rows"))) {
      SparkSession spark = session.context().spark();
      Dataset<Row> endless = spark.sql("select a.id from range(100000000) a, range(100000000) b");
      ExecutorService pool = Executors.newSingleThreadExecutor();
      try {
        Future<?> work = pool.submit(() -> stage(session, endless));
        while (spark
                .sparkContext()
                .statusTracker()
                .getJobIdsForGroup("r20240601-020000-1f3a9c-cancel-1")
                .length
            == 0) {
          Thread.onSpinWait();
        }
        session.cancel();
        assertThatThrownBy(work::get)
            .satisfies(
                e ->
                    assertThat(SparkFailures.classify(e).orElseThrow().type().code())
                        .isEqualTo("cancelled"));
      } finally {
        pool.shutdownNow();
      }
      assertThatThrownBy(session::context).hasMessageContaining("cancelled");
      assertThat(Attempts.tree(warehouse)).isEmpty();
    }
  }
}
