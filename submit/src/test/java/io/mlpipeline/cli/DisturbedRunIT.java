package io.mlpipeline.cli;

import static io.mlpipeline.cli.EngineHarness.identities;
import static io.mlpipeline.cli.EngineHarness.outcomes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The world changes under a run: inputs, files, the clock. Never a wrong row, never half of it. */
class DisturbedRunIT {

  @TempDir Path temp;
  private Path warehouse;
  private Path input;
  private EngineHarness harness;

  @BeforeEach
  void write() throws IOException {
    Path conf = Files.createDirectory(temp.resolve("conf"));
    Path pipeline = CrashPipeline.write(conf);
    warehouse = temp.resolve("wh");
    input = conf.resolve("data/rows.csv");
    harness = EngineHarness.of(pipeline, warehouse);
  }

  /** Does something when a step comes to a phase. */
  private static RunListener when(String step, String phase, Runnable disturbance) {
    return new RunListener() {
      @Override
      public void stepAt(String at, String reached) {
        if (at.equals(step) && reached.equals(phase)) {
          disturbance.run();
        }
      }
    };
  }

  private static void edit(Path file, String text, String by) {
    EngineHarness.edit(file, text, by);
  }

  private SortedMap<String, String> succeeds() {
    RunReport report = harness.run();
    assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
    return identities(report);
  }

  private List<Path> dataOf(String dataset) {
    try (Stream<Path> files = Files.walk(warehouse.resolve("crash").resolve(dataset))) {
      return files
          .filter(f -> f.toString().endsWith(".parquet") && !f.toString().contains("_delta_log"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatChangesAfterItWasPinnedIsNeverTakenForWhatWasPinned() {
    RunListener listener =
        when("ingest", "reading", () -> edit(input, "1,2024-05-02,1.25", "1,2024-05-02,9.25"));
    RunReport report = harness.run(RunRequest.ALL, listener);
    assertThat(report.failure()).isNotNull();
    assertThat(report.failure().type()).isEqualTo(ErrorType.INPUT_GONE);
    assertThat(report.failure().message()).contains("rows.csv");
    assertThat(warehouse.resolve("crash/rows/_delta_log")).doesNotExist();
    succeeds();
  }

  @Test
  void stagedFilesThatAreVacuumedInMidRunAreNotPublished() {
    RunListener vacuum =
        when(
            "sides",
            "publishing",
            () ->
                dataOf("right")
                    .forEach(
                        file -> {
                          try {
                            Files.delete(file);
                          } catch (IOException e) {
                            throw new UncheckedIOException(e);
                          }
                        }));
    RunReport report = harness.run(RunRequest.ALL, vacuum);
    assertThat(report.failure()).isNotNull();
    assertThat(report.failure().type()).isEqualTo(ErrorType.INPUT_GONE);
    assertThat(warehouse.resolve("crash/right/_delta_log")).doesNotExist();
    assertThat(succeeds()).containsOnlyKeys("rows", "left", "right", "days", "totals");
  }

  @Test
  void whatSomebodyAppendsInMidRunIsNotReadAndMakesAConflictWhereItWouldBeLost() {
    succeeds();
    edit(input, "1,2024-05-02,1.25", "1,2024-05-02,9.25");
    RunListener append =
        when(
            "ingest",
            "publishing",
            () ->
                TestSpark.session()
                    .sql(
                        "SELECT 99L AS id, date'2024-05-09' AS day, cast(1 AS decimal(10,2)) AS"
                            + " amount")
                    .write()
                    .format("delta")
                    .mode("append")
                    .save(warehouse.resolve("crash/rows").toString()));
    RunReport report = harness.run(RunRequest.ALL, append);
    assertThat(report.failure()).isNotNull();
    assertThat(report.failure().type()).isEqualTo(ErrorType.PUBLISH_CONFLICT);
    SortedMap<String, String> after = succeeds();
    assertThat(identities(harness.runWithoutSpark().orElseThrow())).isEqualTo(after);
  }

  @Test
  void aDataFileThatIsGoneIsNamedAndNeverReadAsFewerRows() throws IOException {
    succeeds();
    Path file = dataOf("left").get(0);
    Files.delete(file);
    edit(
        harness.pipeline(),
        "query: \"SELECT id, amount, day FROM rows",
        "query: \"SELECT id, amount, day FROM rows WHERE id > 0");
    RunReport report = harness.run();
    assertThat(report.failure()).isNotNull();
    assertThat(report.failure().step()).isEqualTo("days");
    assertThat(report.failure().type()).isIn(ErrorType.INPUT_GONE, ErrorType.STORAGE_CORRUPT);
    assertThat(report.failure().message()).contains(file.getFileName().toString());
    RunReport again = harness.run(EngineHarness.forcing("sides"));
    assertThat(again.status()).as("%s", again.failure()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aBitThatFlippedInADataFileIsFoundAndNamed() throws IOException {
    succeeds();
    Path file = dataOf("left").get(0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 4; // within the first page: its header and the file's footer stay as they are
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    edit(
        harness.pipeline(),
        "query: \"SELECT id, amount, day FROM rows",
        "query: \"SELECT id, amount, day FROM rows WHERE id > 0");
    RunReport report = harness.run();
    assertThat(report.failure()).isNotNull();
    assertThat(report.failure().step()).isEqualTo("days");
    assertThat(report.failure().type()).isEqualTo(ErrorType.STORAGE_CORRUPT);
    assertThat(report.failure().message()).contains(file.getFileName().toString());
  }

  @Test
  void aClockThatJumpsBackADayChangesNoOrder() throws Exception {
    succeeds();
    edit(input, "1,2024-05-02,1.25", "1,2024-05-02,9.25");
    InstantSource yesterday = () -> InstantSource.system().instant().minus(Duration.ofDays(1));
    RunReport back = runAt(yesterday);
    assertThat(back.status()).as("%s", back.failure()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(back.seconds()).isNotNegative();
    assertThat(outcomes(back).get("ingest")).isEqualTo("execute succeeded");
    assertThat(EngineHarness.versions(back)).containsEntry("rows", 1L);
    RunReport now = harness.run();
    assertThat(outcomes(now))
        .allSatisfy((step, outcome) -> assertThat(outcome).startsWith("reuse"));
    assertThat(identities(now)).isEqualTo(identities(back));
    Warehouse opened = Warehouse.open(warehouse.toString(), temp);
    assertThat(opened.ledger().all()).extracting(LineageEvent::id).doesNotHaveDuplicates();
    assertThat(opened.ledger().runs("crash", 10)).hasSize(3);
  }

  private RunReport runAt(InstantSource clock) throws Exception {
    Planning planning =
        Planning.open(
            new PlanningOptions(
                harness.pipeline(),
                temp,
                "local",
                Map.of(),
                warehouse.toString(),
                List.of(),
                Map.of(),
                PlanningOptions.Verification.QUICK,
                clock));
    try (Engine engine = Engine.within(TestSpark.session())) {
      RunOptions options = new RunOptions(1, RunOptions.OnFailure.STOP);
      return engine.run(planning, RunRequest.ALL, options, new RunListener() {});
    }
  }

  @Test
  void aWarehouseThatCannotBeWrittenIsSaidBeforeAnythingIsComputed() {
    EngineHarness nowhere = EngineHarness.of(harness.pipeline(), Path.of("/proc/self/warehouse"));
    EngineException error = catchThrowableOfType(EngineException.class, nowhere::run);
    assertThat(error).isNotNull();
    assertThat(error.type()).isIn(ErrorType.ENVIRONMENT_INVALID, ErrorType.ACCESS_DENIED);
    assertThat(error).hasMessageContaining("/proc/self/warehouse");
  }
}
