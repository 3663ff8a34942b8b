package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Engine;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline by day: what is computed, what is published, and that it is what all would give. */
class PartitionsIT {

  private static final String PIPELINE =
      """
      pipeline: shop
      inputs { raw: { files: "raw/{day}.csv", format: csv, schema: raw-v1 } }
      steps {
        lines {
          uses: sql
          inputs { raw: { dataset: raw, partitions: each } }
          params { query: "SELECT CAST(day AS DATE) AS day, id, amount FROM raw WHERE amount >= 0" }
          outputs { rows: { as: lines, partition: day, mode: partitions, gate: { block: ["RowCount > 0"] } } }
        }
        rolling {
          uses: sql
          inputs { lines: { dataset: lines, partitions: "window(2d)" } }
          params { query: "SELECT d.day, sum(l.amount) AS two_days FROM (SELECT DISTINCT day FROM lines) d JOIN lines l ON l.day BETWEEN d.day - INTERVAL 1 DAY AND d.day GROUP BY d.day" }
          outputs { rows: { as: rolling, partition: day, mode: partitions } }
        }
        best {
          uses: sql
          inputs { rolling: rolling }
          params { query: "SELECT max(two_days) AS best FROM rolling" }
          outputs { rows: { as: best } }
        }
      }
      """;

  @TempDir Path temp;

  @BeforeEach
  void setUp() {
    write("conf/pipelines/shop.conf", PIPELINE);
    write(
        "conf/schemas/raw-v1.conf",
        "columns { day: \"string\", id: \"bigint\", amount: \"bigint\" }\n");
    for (int day = 1; day <= 5; day++) {
      day(day, 10L * day);
    }
  }

  private void write(String file, String text) {
    try {
      Path path = temp.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void day(int day, long amount) {
    String name = "2024-06-0" + day;
    write(
        "conf/pipelines/raw/" + name + ".csv",
        "day,id,amount\n" + name + ",1," + amount + "\n" + name + ",2," + day + "\n");
  }

  private EngineHarness harness(String warehouse) {
    return EngineHarness.of(temp.resolve("conf/pipelines/shop.conf"), temp.resolve(warehouse));
  }

  private SortedMap<String, String> files(String table) {
    SortedMap<String, String> files = new TreeMap<>();
    Warehouse.open(temp.resolve("wh").toString(), temp)
        .tables()
        .findNewest("shop/" + table)
        .orElseThrow()
        .files()
        .forEach(file -> files.put(day(file), file.path()));
    return files;
  }

  private static String day(DataFile file) {
    return file.partition().get("day");
  }

  @Test
  void lateFileRunsItsDayAndTheDaysWhoseWindowHoldsItAndGivesWhatAllWouldGive() {
    harness("wh").run();
    SortedMap<String, String> lines = files("lines");
    SortedMap<String, String> rolling = files("rolling");
    day(2, 700);
    RunReport late = harness("wh").run();

    assertThat(EngineHarness.step(late, "lines").reason())
        .isEqualTo("1 of 5 partitions: raw changed (2024-06-02)");
    assertThat(EngineHarness.step(late, "rolling").reason())
        .isEqualTo("2 of 5 partitions: lines changed (2024-06-02, 2024-06-03)");
    assertThat(changed(lines, files("lines"))).containsExactly("2024-06-02");
    assertThat(changed(rolling, files("rolling"))).containsExactly("2024-06-02", "2024-06-03");
    assertThat(EngineHarness.versions(late))
        .containsEntry("lines", 1L)
        .containsEntry("rolling", 1L);
    assertThat(EngineHarness.identities(late))
        .isEqualTo(EngineHarness.identities(harness("scratch").run()));
    assertThat(harness("wh").runWithoutSpark()).as("nothing to do").isPresent();

    write("conf/pipelines/raw/2024-06-04.csv", "day,id,amount\n");
    day(6, 60);
    RunReport rejected = harness("wh").with("steps.lines.params.query", query("amount >= 5")).run();
    assertThat(rejected.status()).as("%s", rejected.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(EngineHarness.step(rejected, "lines").reason())
        .contains("all 6 partitions: params.query");
  }

  private static String query(String condition) {
    return "SELECT CAST(day AS DATE) AS day, id, amount FROM raw WHERE " + condition;
  }

  private static List<String> changed(
      SortedMap<String, String> before, SortedMap<String, String> now) {
    return now.entrySet().stream()
        .filter(e -> !e.getValue().equals(before.get(e.getKey())))
        .map(e -> e.getKey())
        .toList();
  }

  @Test
  void daysThatVanishOrHoldNothingNewAreOneCommitOrNone() throws Exception {
    harness("wh").run();
    Files.delete(temp.resolve("conf/pipelines/raw/2024-06-03.csv"));
    RunReport gone = harness("wh").run();
    assertThat(EngineHarness.step(gone, "lines").reason())
        .isEqualTo("removes 2024-06-03, for which nothing is there");
    assertThat(files("lines")).hasSize(4).doesNotContainKey("2024-06-03");
    assertThat(EngineHarness.identities(gone))
        .isEqualTo(EngineHarness.identities(harness("scratch").run()));

    write(
        "conf/pipelines/raw/2024-06-02.csv",
        "day,id,amount\n2024-06-02,2,2\n2024-06-02,1,20\n2024-06-02,9,-5\n");
    RunReport same = harness("wh").run();
    assertThat(EngineHarness.step(same, "lines").status()).isEqualTo(StepStatus.UNCHANGED);
    assertThat(EngineHarness.step(same, "rolling").status()).isEqualTo(StepStatus.REUSED);
    assertThat(EngineHarness.versions(same)).containsEntry("lines", 1L);
    assertThat(harness("wh").runWithoutSpark()).as("nothing to do").isPresent();
  }

  @Test
  void rowsOfOtherDaysFailTheStepAndAreNamed() {
    harness("wh").run();
    write("conf/pipelines/raw/2024-06-02.csv", "day,id,amount\n2024-06-03,1,20\n2024-06-02,1,1\n");
    RunReport wrong = harness("wh").run();
    assertThat(wrong.failure().type()).isEqualTo(ErrorType.CONTRACT_BROKEN);
    assertThat(wrong.failure().message())
        .contains("1 rows of partitions that were not asked for: 2024-06-03")
        .contains("asked for were 2024-06-02");
    assertThat(EngineHarness.step(harness("wh").run(), "lines").status())
        .isEqualTo(StepStatus.FAILED);
    assertThat(files("lines")).hasSize(5);
  }

  @Test
  void gateOfTheTableJudgesTheDaysThatStayTooAndAnyOtherTheNewOnes() {
    String ofTable = PIPELINE.replace("RowCount > 0\"]", "RowCount > 8\"], scope: table");
    write("conf/pipelines/shop.conf", ofTable);
    assertThat(lines().status()).isEqualTo(RunStatus.SUCCEEDED);
    day(2, 700);
    assertThat(lines().status()).as("ten rows in all").isEqualTo(RunStatus.SUCCEEDED);
    write("conf/pipelines/shop.conf", ofTable.replace(", scope: table", ""));
    day(2, 701);
    assertThat(lines().status())
        .as("the gate changed: all is judged")
        .isEqualTo(RunStatus.SUCCEEDED);
    day(2, 702);
    RunReport two = lines();
    assertThat(two.status()).isEqualTo(RunStatus.REJECTED);
    assertThat(two.failure().message()).contains("RowCount > 8: 2");
  }

  private RunReport lines() {
    return harness("wh").run(new RunRequest("lines", null, null, Set.of(), false));
  }

  @Tag("long")
  @Test
  void backfillGoesOnPastTheDayThatFailsAndIsRepeatedWithoutWork() throws Exception {
    write("conf/pipelines/raw/2024-06-03.csv", "day,id,amount\n2024-06-03,1,much\n");
    DayMarks marks = new DayMarks(harness("wh").open());
    RunReport first = backfill("2024-06-01", "2024-06-04", marks.beside(new RunListener() {}));
    assertThat(json(marks, first))
        .startsWith("{\n  \"format\": 1,\n  \"from\": \"2024-06-01\",\n  \"to\": \"2024-06-04\",")
        .contains("\"run_id\": \"" + first.runId().value() + "\"", "\"status\": \"failed\"")
        .contains("\"name\": \"lines\"", "\"2024-06-03\"\n      ],\n      \"failures\": {")
        .contains("\"day=2024-06-03\": \"", "much")
        .contains("\"name\": \"rolling\"", "\"missing\": [\n        \"2024-06-03\"\n      ]");
    assertThat(first.status()).isEqualTo(RunStatus.FAILED);
    assertThat(first.failure().message())
        .startsWith("1 of 4 partitions failed: 2024-06-03; the others are published.");
    assertThat(files("lines")).containsOnlyKeys("2024-06-01", "2024-06-02", "2024-06-04");
    assertThat(files("rolling")).containsOnlyKeys("2024-06-01", "2024-06-02", "2024-06-04");
    assertThat(EngineHarness.step(first, "best").status()).isEqualTo(StepStatus.SKIPPED);

    String printed =
        Ran.in(
                temp.resolve("conf/pipelines"),
                "backfill",
                temp.resolve("conf/pipelines/shop.conf").toString(),
                "--from=2024-06-01",
                "--to=2024-06-05",
                "--dry-run",
                "--warehouse",
                temp.resolve("wh").toString())
            .out();
    assertThat(printed).contains("2024-06  ..-.-");

    day(3, 30);
    RunReport second = backfill("2024-06-01", "2024-06-05");
    assertThat(second.status()).as("%s", second.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(EngineHarness.step(second, "lines").reason())
        .contains("new (2024-06-03, 2024-06-05)");
    harness("wh").run();
    List<Row> rows =
        TestSpark.session()
            .read()
            .format("delta")
            .load(temp.resolve("wh/shop/rolling").toString())
            .orderBy("day")
            .collectAsList();
    assertThat(rows).extracting(row -> row.getLong(1)).containsExactly(11L, 33L, 55L, 77L, 99L);
    RunReport scratch = harness("scratch").run();
    assertThat(EngineHarness.identities(harness("wh").run()))
        .isEqualTo(EngineHarness.identities(scratch));
  }

  /** What {@code backfill --output json} prints once the run has ended. */
  private String json(DayMarks marks, RunReport report) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    marks.add(
        harness("wh").open().plan(RunRequest.ALL.of(range("2024-06-01", "2024-06-04"))).plan());
    Shell shell = new Shell(writer, writer, Terminal.NONE, temp, Map.of());
    new CalendarView(shell).json(marks, range("2024-06-01", "2024-06-04"), report);
    writer.flush();
    return out.toString();
  }

  private RunReport backfill(String from, String to) throws InterruptedException {
    return backfill(from, to, new RunListener() {});
  }

  private static PartitionChoice range(String from, String to) {
    return new PartitionChoice(
        PartitionTime.find(from).orElseThrow(),
        PartitionTime.find(to).orElseThrow(),
        0,
        PartitionChoice.Steps.BY_PARTITION);
  }

  private RunReport backfill(String from, String to, RunListener listener)
      throws InterruptedException {
    try (Engine engine = Engine.within(TestSpark.session())) {
      return engine.run(
          harness("wh").open(),
          RunRequest.ALL.of(range(from, to)),
          new RunOptions(2, RunOptions.OnFailure.KEEP_GOING, 2),
          listener);
    }
  }
}
