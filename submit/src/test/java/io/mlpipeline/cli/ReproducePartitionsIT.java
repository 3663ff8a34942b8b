package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Engine;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.plan.Reproduced;
import io.mlpipeline.plan.Reproduced.Outcome;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.reproduce.Reproducer;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that runs made in parts, made again: a verdict is on the parts of that run alone. */
class ReproducePartitionsIT {

  private static final String PIPELINE =
      """
      pipeline: shop
      params { least: 0 }
      inputs { raw: { files: "raw/{day}.csv", format: csv, schema: raw-v1 } }
      steps {
        lines {
          uses: sql
          inputs { raw: { dataset: raw, partitions: each } }
          params { arguments { least: ${params.least} }
                   query: "SELECT CAST(day AS DATE) AS day, id, amount FROM raw WHERE amount >= :least" }
          outputs { rows: { as: lines, partition: day, mode: partitions } }
        }
        rolling {
          uses: sql
          inputs { lines: { dataset: lines, partitions: "window(2d)" } }
          params { query: "SELECT d.day, sum(l.amount) AS two_days FROM (SELECT DISTINCT day FROM lines) d JOIN lines l ON l.day BETWEEN d.day - INTERVAL 1 DAY AND d.day GROUP BY d.day" }
          outputs { rows: { as: rolling, partition: day, mode: partitions } }
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
    for (int day = 1; day <= 3; day++) {
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
        "day,id,amount\n" + name + ",1," + amount + "\n" + name + ",2,1\n");
  }

  private EngineHarness shop() {
    return EngineHarness.of(temp.resolve("conf/pipelines/shop.conf"), temp.resolve("wh"));
  }

  private RunReport run(int newest) {
    return run(new PartitionChoice(null, null, newest, PartitionChoice.Steps.ALL), 0);
  }

  /** In chunks of partitions, some beside each other, if {@code chunk} is not 0. */
  private RunReport run(PartitionChoice choice, int chunk) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      RunReport report =
          engine.run(
              shop().open(),
              RunRequest.ALL.of(choice),
              new RunOptions(2, RunOptions.OnFailure.STOP, chunk),
              new RunListener() {});
      assertThat(report.status()).as("%s", report.failure()).isEqualTo(RunStatus.SUCCEEDED);
      return report;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Reproduced> again(RunReport run, @Nullable String step) {
    try (Engine engine = Engine.within(TestSpark.session())) {
      return new Reproducer(Warehouse.open(temp.resolve("wh").toString(), temp), engine, Map.of())
          .run(run.runId().value(), step, Reproducer.Scratch.REMOVED)
          .steps();
    }
  }

  @Tag("long")
  @Test
  void aRunOfWhatWasDueIsMadeAgainAsTheTableWasThenWhileItsPartsAreOnRecord() throws IOException {
    run(0);
    day(2, 700);
    RunReport late = run(0);
    for (Reproduced step : again(late, null)) {
      assertThat(step.outcome()).as("%s", step.why()).isEqualTo(Outcome.IDENTICAL);
      assertThat(step.why()).isEmpty();
      assertThat(step.notes()).as("the days of the first run are what the second says").isEmpty();
    }
    day(2, 5);
    assertThat(again(late, "lines").get(0).why())
        .hasSize(1)
        .allMatch(why -> why.contains("file 2024-06-02.csv of input raw is another now"));
    day(2, 700);
    forgetTheParts();
    List<Reproduced> unknown = again(late, null);
    assertThat(unknown).extracting(Reproduced::outcome).containsOnly(Outcome.IMPOSSIBLE);
    assertThat(unknown)
        .flatExtracting(Reproduced::why)
        .containsExactly(
            "what lines@v1 holds by partition is not on record any more, so nobody can tell what"
                + " of it this run made",
            "what lines@v1 holds by partition is not on record any more, so nobody can tell what"
                + " of it this run made");
  }

  private void forgetTheParts() throws IOException {
    try (Stream<Path> records = Files.list(temp.resolve("wh/_ml/partitions/shop/lines"))) {
      for (Path record : (Iterable<Path>) records::iterator) {
        Files.delete(record);
      }
    }
  }

  @Test
  void daysThatARunLeftAsTheyWereAreNamedAndNotCountedAsMadeAgain() {
    run(0);
    write("conf/pipelines/shop.conf", PIPELINE.replace("least: 0", "least: 2"));
    RunReport newest = run(1);
    Reproduced lines = again(newest, "lines").get(0);
    assertThat(lines.outcome()).as("%s", lines.why()).isEqualTo(Outcome.IDENTICAL);
    assertThat(lines.notes())
        .containsExactly(
            "1 of 3 partitions was made again; the others are of earlier runs, from other rows,"
                + " code or params: 2024-06-01, 2024-06-02");
    write("conf/pipelines/shop.conf", PIPELINE.replace("least: 0", "least: 3"));
    PartitionChoice none =
        new PartitionChoice(
            PartitionTime.of(LocalDate.parse("2030-01-01")), null, 0, PartitionChoice.Steps.ALL);
    Reproduced nothing = again(run(none, 0), "lines").get(0);
    assertThat(nothing.outcome()).isEqualTo(Outcome.IMPOSSIBLE);
    assertThat(nothing.why().get(0))
        .startsWith("none of the 3 partitions of lines@v1 is of this run");
  }

  @Tag("long")
  @Test
  void whatAChunkedBackfillPublishedLastIsMadeAgain() {
    PartitionChoice days =
        new PartitionChoice(
            PartitionTime.of(LocalDate.parse("2024-06-01")),
            PartitionTime.of(LocalDate.parse("2024-06-03")),
            0,
            PartitionChoice.Steps.BY_PARTITION);
    RunReport backfill = run(days, 1);
    for (Reproduced step : again(backfill, null)) {
      assertThat(step.outcome()).as("%s", step.why()).isEqualTo(Outcome.IDENTICAL);
      assertThat(step.notes()).isEmpty();
    }
  }
}
