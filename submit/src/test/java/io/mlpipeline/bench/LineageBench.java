package io.mlpipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Says what two thousand runs of eight steps cost whoever comes after them: a fold, what is asked
 * of lineage by the launcher, a run that reuses everything. Not part of the tests: {@code -Pbench
 * -Dbench.workload=lineage} runs it.
 */
class LineageBench {

  private static final int RUNS = Integer.getInteger("bench.runs", 2_000);
  private static final int STEPS = 8;

  /** Runs of a day, which are folded together but for the last ones. */
  private static final int DAY = 10;

  private static final int ROUNDS = 3;

  @TempDir private Path directory;

  @Test
  void measures() throws Exception {
    if (Arrays.asList(System.getProperty("bench.workload", "").split(",")).contains("lineage")) {
      ColdRunBench.publish(measure(directory));
    }
  }

  /** Args: an empty directory. */
  public static void main(String[] args) throws Exception {
    System.out.print(measure(Files.createDirectories(Path.of(args[0]).toAbsolutePath())));
  }

  private static String measure(Path directory) throws Exception {
    write(directory);
    launch(directory, "run", "tiny.conf");
    Map<String, Double> before = answers(directory);
    Warehouse warehouse = Warehouse.open("wh", directory);
    Instant first = Instant.now().minus(Duration.ofDays(RUNS / DAY + 1));
    List<Double> folds = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      record(warehouse, first, run);
      boolean isLast = run >= RUNS - DAY;
      if (isLast || run % DAY == DAY - 1) {
        long start = System.nanoTime();
        warehouse.ledger().fold();
        folds.add((System.nanoTime() - start) / 1e9);
      }
    }
    Map<String, Double> after = answers(directory);
    StringBuilder report = new StringBuilder();
    report.append(
        String.format(
            Locale.ROOT,
            "lineage: %,d runs of %d steps, %,d events in %d files below _ml/lineage, %d of its"
                + " log%n",
            RUNS,
            STEPS,
            warehouse.ledger().all().size(),
            files(directory.resolve("wh/_ml/lineage"), ".parquet"),
            files(directory.resolve("wh/_ml/lineage/_delta_log"), "")));
    report.append(
        String.format(
            Locale.ROOT,
            "a fold: of %d runs %.3f s at first, %.3f s in the end; of one run %.3f s%n",
            DAY,
            ColdRunBench.median(folds.subList(10, 30)),
            ColdRunBench.median(folds.subList(folds.size() - DAY - 20, folds.size() - DAY)),
            ColdRunBench.median(folds.subList(folds.size() - DAY, folds.size()))));
    before.forEach(
        (what, seconds) ->
            report.append(
                String.format(
                    Locale.ROOT,
                    "%-22s %.2f s before, %.2f s after%n",
                    what,
                    seconds,
                    after.get(what))));
    return report.toString();
  }

  private static Map<String, Double> answers(Path directory) throws Exception {
    Map<String, Double> answers = new LinkedHashMap<>();
    for (String asked :
        List.of("run tiny.conf", "runs list", "lineage tiny/plans", "data list", "models list")) {
      List<Double> seconds = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        launch(directory, asked.split(" "));
        seconds.add((System.nanoTime() - start) / 1e9);
      }
      answers.put(asked, ColdRunBench.median(seconds));
    }
    return answers;
  }

  private static void launch(Path directory, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of("mlpipeline").toRealPath().toString());
    command.addAll(List.of(args));
    command.addAll(List.of("--warehouse", "wh"));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
  }

  private static long files(Path below, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(suffix) && !file.toString().endsWith(".crc"))
          .filter(file -> suffix.isEmpty() || !file.toString().contains("_delta_log"))
          .count();
    }
  }

  private static void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("rows.csv"), "id,plan\n1,a\n2,b\n3,a\n");
    Files.createDirectories(directory.resolve("schemas"));
    Files.writeString(
        directory.resolve("schemas/rows-v1.conf"), "columns { id: \"int\", plan: \"string\" }\n");
    Files.writeString(
        directory.resolve("tiny.conf"),
        """
        pipeline: tiny
        inputs { raw: { files: "rows.csv", format: csv } }
        steps {
          ingest { uses: ingest, inputs { raw: raw }, outputs { rows: { as: rows, schema: rows-v1 } } }
          plans {
            uses: sql
            inputs { rows: rows }
            params { query: "select plan, count(*) as n from rows group by plan" }
            outputs { plans: {} }
          }
        }
        """);
  }

  /** What a run records: that it has begun, each of its steps, and how it ended. */
  private static void record(Warehouse warehouse, Instant first, int number) {
    Instant start =
        first.plus(Duration.ofDays(number / DAY)).plus(Duration.ofMinutes(number % DAY * 60L));
    String run = RunId.of(start, number).value();
    List<LineageEvent> steps = new ArrayList<>();
    warehouse.ledger().record(new Receipt(run, 0, List.of(event(run, 0, "running", start))));
    for (int step = 1; step <= STEPS; step++) {
      warehouse
          .ledger()
          .record(new Receipt(run, step, List.of(event(run, step, "succeeded", start))));
    }
    steps.add(event(run, STEPS + 1, "succeeded", start.plusSeconds(60)));
    warehouse.ledger().record(new Receipt(run, STEPS + 1, steps));
  }

  private static LineageEvent event(String run, int ordinal, String status, Instant at) {
    boolean isStep = ordinal > 0 && ordinal <= STEPS;
    List<Ingredient> ingredients = new ArrayList<>();
    for (int i = 0; isStep && i < 12; i++) {
      ingredients.add(new Ingredient(Ingredient.Kind.PARAM, "param-" + i, run + i));
    }
    String table = "nightly/step" + ordinal;
    String digest = "c1:1000:" + run;
    return new LineageEvent(
        run + "/" + ordinal,
        isStep ? LineageEvent.Kind.ATTEMPT : LineageEvent.Kind.RUN,
        run,
        "nightly",
        "local",
        isStep ? "step" + ordinal : null,
        isStep ? 1 : 0,
        status,
        "input changed",
        isStep ? run : null,
        ingredients,
        isStep
            ? List.of(new LineageInput("rows", "raw", "/data/raw", -1, digest, 1_000, 10_000))
            : List.of(),
        isStep
            ? List.of(
                new OutputVersion(
                    OutputKind.TABLE, "rows", "step" + ordinal, table, 1, digest, "s", 1, 1, null))
            : List.of(),
        new TreeMap<>(Map.of("rows", 1_000.0)),
        List.of(),
        null,
        isStep
            ? Collections.emptySortedMap()
            : new TreeMap<>(Map.of("user", "ann", "host", "mars")),
        at,
        at.plusSeconds(5));
  }
}
