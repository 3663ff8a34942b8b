package io.mlpipeline.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.example.steps.Failing;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.RuntimeChange;
import io.mlpipeline.model.RuntimeSetting;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.testkit.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresIT {

  private final SparkSession spark = TestSpark.session();

  private EngineException run(MapFunction<Long, Long> code) {
    Throwable t = catchThrowable(() -> spark.range(100).map(code, Encoders.LONG()).collectAsList());
    return SparkFailures.classify(t).orElseThrow();
  }

  @Test
  void believesTheMachineAndNotWhatAStepSays() {
    assertThat(run(Failing::pretend).type().code()).isEqualTo("step-failed");
    assertThat(run(Failing::failAtSeventy))
        .hasMessage("IllegalStateException: seventy is out")
        .satisfies(
            e ->
                assertThat(e.diagnostics())
                    .containsEntry("exception", "java.lang.IllegalStateException")
                    .containsKey("spark-stage")
                    .hasEntrySatisfying(
                        "first-frame",
                        frame -> assertThat(frame).contains("Failing.failAtSeventy")));
  }

  @Test
  void aTaskThatRunsOutOfMemoryIsAFailureAndNotTheEndOfTheProcess() {
    EngineException e = run(Failing::fillMemory);
    assertThat(e.type()).isEqualTo(ErrorType.OUT_OF_MEMORY);
    assertThat(e).hasMessage("memory ran out: OutOfMemoryError: Java heap space");
    assertThat(e.diagnostics().get("first-frame")).contains("Failing.fillMemory");
    assertThat(SparkFailures.classify(catchThrowable(() -> Failing.fillMemory(1L))).orElseThrow())
        .extracting(EngineException::type)
        .isEqualTo(ErrorType.OUT_OF_MEMORY);
  }

  @Test
  void whatSparkSawOfAFailedAttemptIsKeptForTriage(@TempDir Path warehouse) {
    Attempts attempts = new Attempts(warehouse);
    String attempt = "r20240601-020000-1f3a9c-seen-1";
    Throwable thrown;
    try (AttemptSession session = attempts.open("seen", Attempts.output("rows"))) {
      Dataset<Long> bad =
          session
              .context()
              .spark()
              .range(0, 1000, 1, 4)
              .repartition(3)
              .map((MapFunction<Long, Long>) Failing::failAtSeventy, Encoders.LONG());
      thrown = catchThrowable(bad::collectAsList);
    }
    SortedMap<String, String> evidence = new SparkTriage().evidence(attempt);
    assertThat(evidence)
        .containsKeys("spark-stage", "spark-stage-name")
        .containsEntry("task-failure", "java.lang.IllegalStateException")
        .hasEntrySatisfying("executor", e -> assertThat(e).startsWith("driver on "))
        .containsEntry("failed-tasks", "1");
    assertThat(evidence.get("spark-task")).matches("[0-2]\\.0");
    assertThat(new SparkTriage().classify(thrown, evidence).orElseThrow().diagnostics())
        .containsEntry("spark-stage", evidence.get("spark-stage"));
    assertThat(new SparkTriage().evidence(attempt)).as("asked once").isEmpty();
  }

  @Test
  void aRecordThatDoesNotFitIsShownUnlessItsContractSaysThatItIsPersonal(@TempDir Path dir)
      throws Exception {
    Path file = Files.createDirectories(dir.resolve("raw")).resolve("people.csv");
    Files.writeString(file, "name,age\nAnn Onymous,forty\n");
    EngineException shown = malformed(dir, false);
    assertThat(shown.type()).isEqualTo(ErrorType.CONTRACT_BROKEN);
    assertThat(shown).hasMessageContaining("Ann Onymous").hasMessageContaining("forty");
    assertThat(shown.diagnostics().get("file")).endsWith("people.csv");
    assertThat(shown.diagnostics())
        .as("Spark tells no column here")
        .containsEntry("value", "forty")
        .doesNotContainKey("column");

    EngineException masked = malformed(dir, true);
    assertThat(masked.type()).isEqualTo(ErrorType.CONTRACT_BROKEN);
    assertThat(masked)
        .hasMessage(
            "a record does not fit its schema: its values are masked, for a contract of the step"
                + " has columns with pii");
    assertThat(masked.diagnostics().toString()).doesNotContain("Ann", "forty");
    assertThat(masked.diagnostics().get("value")).startsWith("masked, for a contract");
    assertThat(masked.diagnostics().get("file")).endsWith("people.csv");
  }

  private static EngineException malformed(Path dir, boolean isPersonal) {
    SchemaSpec contract =
        new SchemaSpec(
            "people-v1",
            List.of(
                new ColumnSpec("name", "string", true, null, null, List.of(), isPersonal),
                new ColumnSpec("age", "int", true)),
            List.of());
    InputSpec people = Attempts.files("people", dir.resolve("raw"), "csv", contract);
    Throwable thrown;
    try (AttemptSession session =
        new Attempts(dir.resolve("wh"))
            .open("people", List.of(Attempts.pin("in", people)), List.of(people))) {
      thrown = catchThrowable(() -> session.context().input("in").collectAsList());
    }
    SparkTriage triage = new SparkTriage();
    return triage
        .classify(thrown, triage.evidence("r20240601-020000-1f3a9c-people-1"))
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "select cast(age as int) from people          | CAST_INVALID_INPUT          | age  | forty",
        "select 1 + cast(`age` as int) from people     | CAST_INVALID_INPUT          | age  |"
            + " forty",
        "select cast(trim(age) as int) from people    | CAST_INVALID_INPUT          | none | forty",
        "select cast(1e10 * id as int) from people    | CAST_OVERFLOW               | none |"
            + " 7.0E10D",
        "select map(id, 1, id, 2) from people         | DUPLICATED_MAP_KEY          | none | 7",
        "select 1 / (id - 7) from people              | none                        | none | none",
      })
  void namesTheValueOfAQueryAndItsColumnWhereSparkTells(
      String sql, String errorClass, String column, String value) {
    SparkSession strict = spark.newSession();
    strict.conf().set("spark.sql.ansi.enabled", "true");
    strict
        .sql("select explode(array(7)) as id, 'Ann' as name, array('forty')[0] as age")
        .createOrReplaceTempView("people");
    strict
        .conf()
        .set(
            "spark.sql.optimizer.excludedRules",
            "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation");
    Throwable thrown = catchThrowable(() -> strict.sql(sql).collectAsList());
    SortedMap<String, String> told = SparkFailures.classify(thrown).orElseThrow().diagnostics();
    assertThat(told.get("column")).as("%s", told).isEqualTo(column);
    assertThat(told.get("value")).as("%s", told).isEqualTo(value);
    assertThat(told.get("error-class")).isEqualTo(errorClass);
    EngineException masked =
        SparkFailures.classify(thrown, new TreeMap<>(Map.of("values", "masked, for a reason")))
            .orElseThrow();
    if (value != null) {
      assertThat(masked.diagnostics()).containsEntry("value", "masked, for a reason");
      assertThat(masked.getMessage()).contains("its values are masked").doesNotContain(value);
    }
  }

  @Test
  void namesTheFieldOfAJsonRecordThatDoesNotFit(@TempDir Path dir) throws Exception {
    Path file =
        Files.writeString(dir.resolve("people.json"), "{\"name\":\"Ann\",\"age\":\"forty\"}\n");
    Throwable thrown =
        catchThrowable(
            () ->
                spark
                    .read()
                    .schema("name string, age int")
                    .option("mode", "FAILFAST")
                    .json(file.toString())
                    .collectAsList());
    EngineException e = SparkFailures.classify(thrown).orElseThrow();
    assertThat(e.type()).isEqualTo(ErrorType.CONTRACT_BROKEN);
    assertThat(e.diagnostics()).containsEntry("column", "age").containsEntry("value", "forty");
  }

  @Test
  void anAttemptAfterOneThatRanOutOfMemoryDividesItsWorkMore(@TempDir Path warehouse) {
    RuntimeSpec runtime =
        new RuntimeSpec(
            2,
            Duration.ZERO,
            null,
            List.of(
                new RuntimeChange(RuntimeSetting.SHUFFLE_PARTITIONS, 2),
                new RuntimeChange(RuntimeSetting.MAX_PARTITION_BYTES, 4),
                new RuntimeChange(RuntimeSetting.ADVISORY_PARTITION_BYTES, 2),
                new RuntimeChange(RuntimeSetting.BROADCAST_BYTES, 2),
                new RuntimeChange(RuntimeSetting.READER_BATCH_ROWS, 2)),
            2);
    StepSpec step = Attempts.step("hungry", Attempts.output("rows")).withRuntime(runtime);
    AttemptCall call = new AttemptCall("churn", "r1", "r1-hungry-3", step, List.of(), List.of());
    try (AttemptSession session = new Attempts(warehouse).sessions().open(call)) {
      RuntimeConfig conf = session.context().spark().conf();
      assertThat(conf.get("spark.sql.shuffle.partitions")).isEqualTo("8");
      assertThat(conf.get("spark.sql.files.maxPartitionBytes")).isEqualTo("" + (8 << 20));
      assertThat(conf.get("spark.sql.adaptive.advisoryPartitionSizeInBytes"))
          .isEqualTo("" + (16 << 20));
      assertThat(conf.get("spark.sql.autoBroadcastJoinThreshold")).isEqualTo("2621440");
      assertThat(conf.get("spark.sql.parquet.columnarReaderBatchSize")).isEqualTo("1024");
    }
    assertThat(spark.conf().get("spark.sql.shuffle.partitions")).isEqualTo("2");
  }

  @Test
  void aDiskThatIsReallyFullIsCalledSo() {
    assumeTrue(Files.isWritable(Path.of(Failing.FULL)), "there is no " + Failing.FULL);
    assertThat(run(Failing::fillDisk))
        .hasMessageContaining("No space left on device")
        .extracting(EngineException::type)
        .isEqualTo(ErrorType.DISK_FULL);
  }

  @Test
  void namesWhatCannotBeSentToExecutors() {
    Object held = new Object();
    assertThat(run(value -> value + held.hashCode()))
        .hasMessageContaining("java.lang.Object")
        .hasMessageContaining("static methods");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select idd from range(3)      | A column or function parameter with name `idd`",
        "select idd from range(3)      | Did you mean one of the following? [`id`]",
        "select idd from range(3)      | line 1 pos 7",
        "select * frm range(3)         | Syntax error at or near",
        "select * frm range(3)         | line 1, pos",
        "select * from nowhere         | TABLE_OR_VIEW_NOT_FOUND",
        "select nope(1)                | UNRESOLVED_ROUTINE",
      })
  void saysWhatIsWrongWithAQueryWithoutThePlan(String sql, String message) {
    EngineException e = SparkFailures.classify(catchThrowable(() -> spark.sql(sql))).orElseThrow();
    assertThat(e.type().code()).isEqualTo("step-failed");
    assertThat(e.getMessage()).contains(message).doesNotContain("\n", "'Project", "== SQL");
    assertThat(e.diagnostics()).containsKey("error-class").containsEntry("sql", sql);
    assertThat(e.diagnostics().get("sql-at")).startsWith("line 1, position ");
  }
}
