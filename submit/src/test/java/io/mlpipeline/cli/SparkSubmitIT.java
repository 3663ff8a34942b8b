package io.mlpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlpipeline.cli.StandaloneCluster.Submitted;
import io.mlpipeline.patience.Kills;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster jar under a plain spark-submit, on a standalone master and worker. */
class SparkSubmitIT {

  private static final String PIPELINE =
      """
      pipeline: orders
      inputs { raw: { files: ${data}"/orders.csv", format: csv } }
      steps {
        load {
          uses: ingest
          inputs  { raw: raw }
          outputs { rows: { as: orders, schema: orders-v1, gate: { block: ["RowCount = 5", "IsUnique \\"id\\""] } } }
        }
        totals {
          uses: sql
          inputs  { orders: orders }
          params  { query: "SELECT day, count(*) AS orders, sum(cents) AS cents FROM orders GROUP BY day" }
          outputs { rows: { as: totals, partition: day, gate: { block: ["RowCount = 2"] } } }
        }
        best {
          uses: sql
          inputs  { totals: totals }
          params  { query: "SELECT max_by(day, cents) AS day, max(cents) AS cents FROM totals" }
          outputs { rows: { as: best } }
        }
        fail {
          uses: sql
          inputs  { orders: orders }
          params  { query: "SELECT cast(raise_error(concat('no luck with ', id)) AS string) AS id FROM orders" }
          outputs { rows: { as: never } }
        }
      }
      """;

  /** The process of the executor that reads a row ends as one that was killed. */
  private static final String LOST =
      """
      pipeline: lost
      jars: ["%s"]
      inputs { raw: { files: ${data}"/orders.csv", format: csv } }
      steps {
        load { uses: ingest, inputs { raw: raw }, outputs { rows: { as: orders, schema: orders-v1 } } }
        dies {
          uses: kills
          inputs  { rows: orders }
          outputs { rows: { as: never } }
          runtime { retries: 1, backoff: 1s }
        }
      }
      """;

  @TempDir private static Path directory;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    assumeTrue(
        Files.exists(jar()), "no cluster jar: it is made in the package phase (skipClusterJar?)");
    write("conf/pipelines/orders.conf", PIPELINE);
    Path kills = PatientPipeline.pack(directory, Kills.class, Kills.Params.class);
    write("conf/pipelines/lost.conf", LOST.formatted(kills));
    write(
        "conf/schemas/orders-v1.conf",
        "columns { id: { type: bigint, nullable: false }, day: string, cents: bigint }");
    write("data/orders.csv", "id,day,cents\n1,mon,5\n2,mon,7\n3,tue,11\n4,tue,2\n5,mon,3\n");
    cluster = StandaloneCluster.start(Files.createDirectory(directory.resolve("spark")));
  }

  @AfterAll
  static void endCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Two applications are enough: each costs a driver, the first an executor too. */
  @Test
  void computesOnTheWorkerAndFailsThereThenReusesWhatWasMade() throws Exception {
    Submitted first = run("orders", "--keep-going");
    assertThat(first.exitCode()).as(first.err()).isEqualTo(3);
    assertThat(first.err())
        .contains("no luck with")
        .doesNotContain("ClassNotFoundException", "Cannot use");
    assertThat(decisions(first)).containsExactly("execute", "execute", "execute", "execute");
    assertThat(executorLogs()).contains("Running task").doesNotContain("ClassNotFoundException");
    assertThat(rows("orders/orders").count()).isEqualTo(5);
    assertThat(rows("orders/totals").sort("day").collectAsList())
        .extracting(Row::toString)
        .containsExactly("[mon,3,15]", "[tue,2,13]");
    assertThat(rows("orders/best").head().toString()).isEqualTo("[mon,15]");
    assertThat(directory.resolve("warehouse/orders/never/_delta_log")).doesNotExist();

    Submitted second = run("orders", "--to-step", "best");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(decisions(second))
        .filteredOn(d -> !d.equals("skip"))
        .containsOnly("reuse")
        .hasSize(3);
  }

  @Tag("long")
  @Test
  void anExecutorThatIsKilledIsToldTriedAgainAndMayBeRetriedByTheCaller() throws Exception {
    Submitted lost = run("lost");
    assertThat(lost.exitCode()).as(lost.err()).isEqualTo(4);
    assertThat(lost.err())
        .contains("container-killed in step dies", " was killed: ", "137", "A retry may help.");
    assertThat(lost.out()).contains("\"error_type\": \"container-killed\"", "\"attempts\": 2");
    assertThat(directory.resolve("warehouse/lost/never/_delta_log")).doesNotExist();
    assertThat(rows("lost/orders").count()).isEqualTo(5);
  }

  private static Submitted run(String pipeline, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--class", "io.mlpipeline.cli.Main"));
    arguments.addAll(List.of("--conf", "spark.task.maxFailures=1"));
    arguments.add(jar().toString());
    arguments.addAll(List.of("run", "conf/pipelines/" + pipeline + ".conf", "--output", "json"));
    arguments.addAll(List.of("--set", "data=" + directory.resolve("data")));
    arguments.addAll(List.of(options));
    return cluster.submit(directory, arguments);
  }

  private static List<String> decisions(Submitted run) {
    return Pattern.compile("\"decision\"\\s*:\\s*\"(\\w+)\"")
        .matcher(run.out())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** What the worker's executors wrote: the proof that the work was done over there. */
  private static String executorLogs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory.resolve("spark/work"))) {
      for (Path log : files.filter(file -> file.endsWith("stderr")).toList()) {
        all.append(Files.readString(log));
      }
    }
    return all.toString();
  }

  private static Dataset<Row> rows(String dataset) {
    Path table = directory.resolve("warehouse").resolve(dataset);
    return TestSpark.session().read().format("delta").load(table.toString());
  }

  private static Path jar() throws IOException {
    Path target = Path.of("target");
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("mlpipeline-submit-.*-cluster.jar"))
          .findFirst()
          .orElse(target.resolve("mlpipeline-submit-cluster.jar"))
          .toAbsolutePath();
    }
  }

  private static void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
