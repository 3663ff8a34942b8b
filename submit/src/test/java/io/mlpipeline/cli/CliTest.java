package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.GateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that need no Spark, in process: what they print, and their exit codes. */
class CliTest {

  private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();

  @TempDir Path directory;

  private Ran run(String... args) {
    return Ran.in(directory, args);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "plan",
        "backfill",
        "resume",
        "validate",
        "test",
        "explain",
        "reproduce",
        "runs",
        "lineage",
        "data",
        "models",
        "gates",
        "schemas",
        "doctor",
        "sample"
      })
  void everyCommandHasHelpWithAnExample(String command) {
    Ran ran = run(command, "--help");
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains("Usage: mlpipeline " + command, "Example: mlpipeline " + command);
    assertThat(ran.out()).contains("--warehouse", "--set", "--output");
  }

  @Test
  void everyCommandOfTheFilesForCiIsUnderstoodAndNamesAPipelineThatIsThere() throws Exception {
    List<String> lines =
        Files.readAllLines(CONF.resolveSibling("docs").resolve("ci.md")).stream()
            .filter(line -> line.contains("submit/mlpipeline "))
            .map(line -> line.replaceAll("^.*submit/mlpipeline ", "").replaceAll("'.*$", ""))
            .toList();
    assertThat(lines).hasSizeGreaterThan(10);
    for (String line : lines) {
      String[] words = (line + " --help").split(" +");
      assertThat(run(words).code()).as(line + run(words).err()).isZero();
      if (!words[1].startsWith("--")) {
        assertThat(CONF.resolve("pipelines/" + words[1] + ".conf")).exists();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run CONF --sample -1%          | a sample of -1% is below nothing",
        "run CONF --sample 0%           | takes no row at all",
        "run CONF --sample abc          | a sample of abc is no share",
        "run CONF --sample 0            | takes no row at all",
        "run CONF --sample 200%         | a sample of 200% is more than there is",
        "plan CONF --sample 100%        | a sample of 100% is all there is",
        "run CONF --sample 1% --empty   | --empty and --sample exclude each other",
        "plan CONF --empty              | there is nothing to plan without rows",
        "run CONF --sample 1% --step no | there is no step no",
        "test CONF --step split         | no steps are selected here",
        "test CONF --cases nope.conf    | 'nope.conf' does not exist"
      })
  void samplesAndCasesThatCannotBeAreRefused(String words, String message) {
    Ran ran =
        run(words.replace("CONF", CONF.resolve("pipelines/churn.conf").toString()).split(" +"));
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(message);
  }

  @Test
  void helpListsEveryCommandAndTheExitCodes() {
    Ran ran = run("--help");
    assertThat(ran.out()).contains("validate", "lineage", "doctor", "130 cancelled");
    assertThat(run("--version").out()).contains("mlpipeline", "Spark 3.5", "Delta 4.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense                               | Unmatched argument",
        "run                                    | Missing required parameter: 'PIPELINE'",
        "run nope.conf                          | 'nope.conf' does not exist",
        "gates list nope                        | neither a file of that name nor",
        "run x.conf --parallel 0                | --parallel must be at least 1",
        "run x.conf --paralel 3                 | --paralel",
        "plan x.conf --output yaml              | expected one of",
        "resume r20200101-000000-000000         | there is no run r20200101-000000-000000",
        "reproduce r20200101-000000-000000      | there is no run r20200101-000000-000000",
        "runs abandon r1 --reason gone          | there is no run r1",
        "runs abandon r1                        | Missing required option: '--reason=TEXT'",
        "runs show r20200101-000000-000000      | there is no run",
        "runs show ../../etc/passwd             | there is no run",
        "data show nothing                      | 'nothing' is no dataset",
        "data show a/b                          | there is no a/b",
        "gates                                  | a command is missing: list, suggest, test",
        "gates list                             | there is no folder conf/pipelines here",
        "gates history nothing                  | 'nothing' is no dataset",
        "gates history a/b                      | nothing was measured of a/b",
        "gates history a/b --last 0             | --last must be at least 1",
        "lineage churn/features@v3              | no run on record published churn/features@3",
        "lineage ../x                           | is no dataset",
        "validate                               | there is nothing to validate",
        "schemas show events                    | there is no schema events",
        "schemas infer nowhere.csv              | there is nothing at nowhere.csv",
      })
  void misuseSaysWhatIsWrongAndExitsWithTwo(String line, String message) {
    Ran ran = run(line.split(" "));
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(message).doesNotContain("\tat ");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void planOfAnEmptyWarehouseSaysWhatWouldRunAndMakesNothing() {
    Ran ran = run("plan", CONF + "/pipelines/churn.conf", "--warehouse", "wh");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).containsPattern("ingest_events +execute +first run");
    assertThat(ran.out()).containsPattern("choose +await +waits for");
    assertThat(directory.resolve("wh/churn")).doesNotExist();
    assertThat(directory.resolve("wh/_ml/lineage")).doesNotExist();
  }

  @Test
  void jsonIsOneDocumentOnStandardOutput() {
    Ran ran = run("plan", CONF + "/pipelines/churn.conf", "--output", "json");
    assertThat(ran.out()).startsWith("{\n").endsWith("}\n").contains("\"nothing_to_do\": false");
    assertThat(run("data", "list", "--output", "json").out()).contains("\"steps\": [");
    assertThat(run("runs", "list", "--output", "json").out()).contains("\"runs\": [");
    assertThat(run("doctor", "--output", "json").out()).contains("\"healthy\": true");
  }

  @Test
  void whatGoesWrongBeforeARunIsOneDocumentToo() {
    Ran ran = run("run", "nope.conf", "--output", "json");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).contains("\"error_type\": \"config-invalid\"", "does not exist");
  }

  @Test
  void everyPipelineUnderConfIsValid() throws Exception {
    try (var files = Files.list(CONF.resolve("pipelines"))) {
      List<Path> pipelines = files.filter(f -> f.toString().endsWith(".conf")).toList();
      assertThat(pipelines).hasSizeGreaterThanOrEqualTo(2);
      for (Path pipeline : pipelines) {
        Ran ran = run("validate", pipeline.toString(), "--set", "data=/somewhere");
        assertThat(ran.err()).as(pipeline.toString()).isEmpty();
        assertThat(ran.out()).contains("valid");
      }
    }
  }

  @Test
  void schemasAreListedShownLockedAndValidatedWithoutAPipeline() throws Exception {
    Path schemas = Files.createDirectories(directory.resolve("conf/schemas"));
    Files.writeString(schemas.resolve("e-v1.conf"), "columns { id: long }\nkeys: [id]");
    Files.writeString(schemas.resolve("e-v2.conf"), "columns { id: string }\nkeys: [id]");
    assertThat(run("schemas", "list").out()).contains("e-v1", "e-v2", "no");
    assertThat(run("schemas", "show", "e").out())
        .contains("# e-v2, not published", "id: \"string\"");
    assertThat(run("schemas", "lock").out()).contains("locked e-v1", "locked e-v2");
    Ran ran = run("validate");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("e-v2.conf", "write compatible: breaking");
    Files.writeString(schemas.resolve("e-v1.conf"), "columns { id: int }\nkeys: [id]");
    assertThat(run("schemas", "lock").err()).contains("e-v1 is published and has changed");
  }

  @Test
  void validateReportsGatesAndKeysWithFileAndLine() throws Exception {
    Path file = directory.resolve("p.conf");
    Files.writeString(
        file,
        """
        pipeline: p
        inputs { raw: { files: "data.csv", format: csv } }
        steps {
          a {
            uses: sql
            inputs { raw: raw }
            params { query: "select 1 as x" }
            outputs { rows: { as: a, gate: { block: ["RowCuont > 1"] } } }
          }
        }
        """);
    Ran ran = run("validate", "p.conf");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("p.conf:8", "RowCuont", "did you mean \"RowCount\"?");
    Ran json = run("validate", "p.conf", "--output", "json");
    assertThat(json.out()).contains("\"valid\": false", "\"line\": 8");
  }

  @Test
  void listsRulesWithoutReadingThem() {
    System.setProperty("mlpipeline.front", "true");
    try {
      Ran ran = run("gates", "list", CONF + "/pipelines/churn.conf");
      assertThat(ran.code()).isZero();
      assertThat(ran.out()).containsPattern("churn/events +r[0-9a-f]{10} +block +RowCount > 1000");
      assertThat(ran.out()).containsPattern("churn/customers .* warn +Completeness \"age\" > 0.8");
      Ran json = run("gates", "list", CONF + "/pipelines/churn.conf", "--output", "json");
      assertThat(json.out()).contains("\"rules\": [", "\"dataset\": \"churn/holdout_rows\"");
    } finally {
      System.clearProperty("mlpipeline.front");
    }
  }

  @Test
  void showsTheHistoryOfAMetricWithBoundsAndALine() {
    GateStore gates = Warehouse.open("wh", directory).gates();
    for (int run = 0; run < 8; run++) {
      Map<String, Double> metrics =
          Map.of(
              "Dataset.*.RowCount", 10_000.0,
              "Column.fare.Mean", run == 7 ? 56.25 : 13 + run / 100.0,
              "Column.fare.Mean.lower", 9.5,
              "Column.fare.Mean.upper", 16.5);
      gates.add(
          new Measurement(
              "taxi",
              "trips",
              "r2024060" + run,
              "r2024060" + run + "-a-1",
              Instant.parse("2024-06-01T00:00:00Z"),
              "c1:" + run,
              run == 7 ? Verdict.REJECT : Verdict.PASS,
              new TreeMap<>(metrics)));
    }
    Ran ran = run("gates", "history", "taxi/trips", "mean", "--warehouse", "wh");
    assertThat(ran.out().lines().findFirst().orElse("")).isEqualTo("Column.fare.Mean  ▁▁▁▁▁▁▁█");
    assertThat(ran.out())
        .containsPattern("r20240607 .* 56.2500 +9.50000 +16.5000 +reject")
        .containsPattern("r20240600 .* 13 +9.50000 +16.5000 +pass")
        .doesNotContain("RowCount");
    Ran all = run("gates", "history", "taxi/trips", "--last", "3", "--warehouse", "wh");
    assertThat(all.out())
        .containsPattern("Dataset...RowCount +3 +10,000 +▄▄▄")
        .containsPattern("Column.fare.Mean +3 +56.2500 +▁▁█")
        .doesNotContain("lower");
    Ran unknown = run("gates", "history", "taxi/trips", "Column.fare.Meen", "--warehouse", "wh");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("did you mean 'Column.fare.Mean'?");
    Ran json =
        run("gates", "history", "taxi/trips", "Mean", "--warehouse", "wh", "--output", "json");
    assertThat(json.out())
        .contains("\"verdict\": \"reject\"", "\"Column.fare.Mean.upper\": 16.5")
        .doesNotContain("RowCount");
  }

  @Test
  void lineGoesFromTheLeastToTheLargestAndLeavesGaps() {
    assertThat(Sparkline.of(List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0))).isEqualTo("▁▂▃▄▅▆▇█");
    assertThat(Sparkline.of(List.of(-1.0, Double.NaN, 1.0))).isEqualTo("▁ █");
    assertThat(Sparkline.of(List.of(5.0, 5.0))).isEqualTo("▄▄");
    assertThat(Sparkline.of(List.of())).isEmpty();
  }

  @Test
  void lightFrontHandsOverWhereSparkIsNeeded() {
    System.setProperty("mlpipeline.front", "true");
    try {
      assertThat(run("run", CONF + "/pipelines/churn.conf").code()).isEqualTo(100);
      assertThat(run("validate", CONF + "/pipelines/churn.conf").code()).isEqualTo(100);
      assertThat(run("plan", CONF + "/pipelines/churn.conf").code()).isZero();
    } finally {
      System.clearProperty("mlpipeline.front");
    }
  }

  @Test
  void doctorFindsAWarehouseThatCannotBeWritten() {
    Ran ran = run("doctor", "--warehouse", "/proc/nowhere");
    assertThat(ran.code()).isEqualTo(8);
    assertThat(ran.out()).contains("BAD store");
  }

  @Test
  void controlCharactersNeverReachTheTerminal() {
    assertThat(Messages.clean("a\u001b[31mb\rc\u202ed")).isEqualTo("a?[31mb?c?d");
    assertThat(Messages.clean("x".repeat(5000))).hasSize(2004);
  }

  @Test
  void terminalIsPlainWhereNobodyWatches() {
    assertThat(Terminal.of("out,err", Map.of("NO_COLOR", "1")).colour()).isFalse();
    assertThat(Terminal.of("out,err", Map.of("CI", "true")).live()).isFalse();
    assertThat(Terminal.of("out,err", Map.of("TERM", "dumb")).live()).isFalse();
    assertThat(Terminal.of("", Map.of()).live()).isFalse();
    assertThat(Terminal.of("out,err", Map.of("TERM", "xterm")).colour()).isTrue();
  }
}
