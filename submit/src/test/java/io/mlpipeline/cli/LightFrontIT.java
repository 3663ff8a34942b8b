package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.testkit.ModelHistory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The light front as a process of its own, on a class path that holds nothing of Spark. */
class LightFrontIT {

  private static final List<String> LIGHT =
      List.of(
          "/engine/",
          "/steps/",
          "/submit/",
          "mlpipeline-",
          "/config-",
          "/picocli-",
          "/asm-",
          "/jackson-core-",
          "/jspecify-");

  @TempDir static Path directory;
  private static EngineHarness pipeline;

  private record Answer(int code, String printed) {}

  @BeforeAll
  static void runsOnce() throws IOException {
    Files.writeString(directory.resolve("rows.csv"), "id,plan\n1,a\n2,b\n3,a\n");
    Files.createDirectories(directory.resolve("schemas"));
    Files.writeString(
        directory.resolve("schemas/rows-v1.conf"), "columns { id: \"int\", plan: \"string\" }\n");
    Path file = directory.resolve("tiny.conf");
    Files.writeString(
        file,
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
    pipeline = EngineHarness.of(file, directory.resolve("wh"));
    assertThat(pipeline.run().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void answersARunWithNothingToDoWithoutAnyClassOfSparkHadoopOrDelta() throws Exception {
    Answer answer = front("run", "tiny.conf", "--warehouse", "wh");
    assertThat(answer.printed()).contains("everything was reused, from run r");
    assertThat(answer.code()).isZero();
    assertThat(answer.printed()).doesNotContain("SLF4J", "WARN");
  }

  @Test
  void handsOverWhenAStepMustBeComputed() throws Exception {
    assertThat(front("run", "tiny.conf", "--warehouse", "wh", "--force", "plans").code())
        .isEqualTo(ExitCode.HAND_OVER);
  }

  @Test
  void doesNotMindTenThousandRowsOfLineage() throws Exception {
    Warehouse warehouse = Warehouse.open("wh", directory);
    for (int run = 0; run < 20; run++) {
      List<LineageEvent> events = new ArrayList<>();
      String id = String.format("r20250101-0000%02d-000000", run);
      for (int i = 0; i < 500; i++) {
        events.add(event(id, i));
      }
      warehouse.ledger().record(new Receipt(id, 0, events));
    }
    assertThat(front("run", "tiny.conf", "--warehouse", "wh").code()).as("pending").isZero();
    warehouse.ledger().fold();
    assertThat(front("run", "tiny.conf", "--warehouse", "wh").code()).as("folded").isZero();
    assertThat(warehouse.ledger().all()).hasSizeGreaterThan(10_000);
  }

  @Test
  void answersWhatIsAskedOfModelsWithoutAnyClassOfSparkHadoopOrDelta() throws Exception {
    new ModelHistory(Warehouse.open("wh", directory).registry(), "churn")
        .registered("1.0.0", "ann")
        .promoted("1.0.0", PromotionStage.PRODUCTION, "bob");
    for (String[] asked :
        List.of(
            new String[] {"models", "list"},
            new String[] {"models", "show", "churn"},
            new String[] {"models", "show", "churn@production"},
            new String[] {"models", "history", "churn", "--at", "2024-03-01"})) {
      List<String> words = new ArrayList<>(List.of(asked));
      words.addAll(List.of("--warehouse", "wh"));
      Answer answer = front(words.toArray(new String[0]));
      assertThat(answer.printed()).contains("1.0.0").doesNotContain("SLF4J", "WARN");
      assertThat(answer.code()).isZero();
    }
  }

  @Test
  void tellsOfWrongParamsOfALearnerWithoutAnyClassOfSpark() throws Exception {
    Files.writeString(
        directory.resolve("train.conf"),
        """
        pipeline: train
        inputs { raw: { files: "rows.csv", format: csv } }
        steps {
          ingest { uses: ingest, inputs { raw: raw }, outputs { rows: { as: rows, schema: rows-v1 } } }
          train {
            uses: train-classifier
            inputs { rows: rows }
            params {
              label: plan, algorithm: logistic-regression, numeric: [id]
              learner {
                max-itr: 20
                reg-param: -1
                family: binomal
                tol: small
              }
              search { elastic-net-param: [0.5, 1.5] }
            }
            outputs { model: { as: plans } }
          }
        }
        """);
    for (String command : List.of("plan", "run")) {
      Answer answer = front(command, "train.conf", "--warehouse", "wh");
      assertThat(answer.printed())
          .contains(
              "train.conf:11: 'steps.train.params.learner.max-itr' means nothing to"
                  + " logistic-regression",
              "did you mean 'max-iter'?",
              "train.conf:12: 'steps.train.params.learner.reg-param' is -1; it must be >= 0",
              "train.conf:13: 'steps.train.params.learner.family' is binomal; it must be auto,"
                  + " binomial or multinomial",
              "did you mean 'binomial'?",
              "train.conf:14: 'steps.train.params.learner.tol' is small; it must be a finite"
                  + " number",
              "train.conf:16: 'steps.train.params.search.elastic-net-param' is 1.5; it must be >= 0"
                  + " and <= 1");
      assertThat(answer.code()).as(command).isEqualTo(ExitCode.USAGE);
    }
  }

  private static LineageEvent event(String run, int ordinal) {
    Instant at = Instant.parse("2025-01-01T00:00:00Z");
    return new LineageEvent(
        run + "/" + ordinal,
        LineageEvent.Kind.REUSE,
        run,
        "other",
        "local",
        "step",
        0,
        "reused",
        "unchanged",
        null,
        List.of(),
        List.of(),
        List.of(),
        Collections.emptySortedMap(),
        List.of(),
        null,
        Collections.emptySortedMap(),
        at,
        at);
  }

  private static Answer front(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // as the launcher does
    command.addAll(List.of("-Dmlpipeline.front=true", "-cp", lightClassPath()));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), printed);
  }

  private static String lightClassPath() {
    String[] all = System.getProperty("java.class.path").split(File.pathSeparator);
    Stream<String> light =
        Arrays.stream(all).filter(entry -> LIGHT.stream().anyMatch(entry::contains));
    // Only the interfaces of logging: the fields of some classes have their type.
    Stream<String> logging = Arrays.stream(all).filter(entry -> entry.contains("/slf4j-api-"));
    return Stream.concat(light, logging).collect(Collectors.joining(File.pathSeparator));
  }
}
