package io.mlpipeline.spark;

import static io.mlpipeline.spark.Attempts.contract;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsIT {

  private static final SchemaSpec EVENTS = contract("id bigint not null", "at date", "x double");

  @TempDir Path dir;
  private Path raw;
  private Attempts attempts;

  @BeforeEach
  void open() throws IOException {
    raw = Files.createDirectories(dir.resolve("raw [data] {x}"));
    attempts = new Attempts(dir.resolve("wh"));
  }

  private List<Row> read(InputSpec input) {
    try (AttemptSession session =
        attempts.open("read", List.of(Attempts.pin("in", input)), List.of(input))) {
      return session.context().input("in").collectAsList();
    }
  }

  private String typeOf(Throwable t) {
    return SparkFailures.classify(t).orElseThrow().type().code();
  }

  private void write(String name, String... lines) throws IOException {
    Path file = raw.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(lines));
  }

  @Test
  void readsExactlyThePinnedTextFilesByTheirContract() throws IOException {
    write("a.csv", "id,at,x", "1,2024-01-01,0.5");
    write("b.csv", "id,at,x", "2,,");
    InputSpec csv = Attempts.files("events", raw, "csv", EVENTS);
    PinnedInput pinned = Attempts.pin("in", csv);
    write("later.csv", "id,at,x", "3,,");
    try (AttemptSession session = attempts.open("read", List.of(pinned), List.of(csv))) {
      assertThat(session.context().input("in").collectAsList())
          .extracting(Row::toString)
          .containsExactlyInAnyOrder("[1,2024-01-01,0.5]", "[2,null,null]");
      assertThat(session.context().files("in").paths()).hasSize(2);
      assertThat(session.context().inputIdentity("in")).isEqualTo(pinned.identity());
      assertThatThrownBy(() -> session.context().boundModel("in"))
          .hasMessageContaining("is bound to a table, not to a model");
      assertThat(session.context().inputSchema("in")).contains(EVENTS);
    }
  }

  @Test
  void judgesOnlyExternalInputsThatHaveAGate() throws IOException {
    write("a.csv", "id,at,x", "1,2024-01-01,0.5");
    InputSpec open = Attempts.files("events", raw, "csv", EVENTS);
    GateRule rule = new GateRule("some", Severity.BLOCK, "RowCount > 0", Attempts.AT);
    InputSpec gated =
        new InputSpec(
            "gated",
            open.kind(),
            open.location(),
            "csv",
            open.options(),
            null,
            EVENTS,
            null,
            new GateSpec(List.of(rule)),
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            Attempts.AT);
    List<PinnedInput> inputs =
        List.of(Attempts.pin("a", open), Attempts.pin("b", gated), published("table"));
    try (AttemptSession session = attempts.open("audit", inputs, List.of(open, gated))) {
      assertThat(session.auditInputs())
          .singleElement()
          .satisfies(
              report -> {
                assertThat(report.dataset()).isEqualTo("gated");
                assertThat(report.verdict()).isEqualTo(Verdict.PASS);
              });
    }
  }

  @Test
  void takesPartitionColumnsFromDirectories() throws IOException {
    write("at=2024-01-01/a.json", "{\"id\":1,\"x\":2}");
    write("at=2024-01-02/a.json", "{\"x\":3.5,\"id\":2}");
    assertThat(read(Attempts.files("events", raw, "json", EVENTS)))
        .extracting(Row::toString)
        .containsExactlyInAnyOrder("[1,2024-01-01,2.0]", "[2,2024-01-02,3.5]");
  }

  @Test
  void refusesTextThatDoesNotFit() throws IOException {
    InputSpec csv = Attempts.files("events", raw, "csv", EVENTS);
    write("a.csv", "id,at,x", "one,2024-01-01,0.5");
    assertThatThrownBy(() -> read(csv))
        .satisfies(e -> assertThat(typeOf(e)).isEqualTo("contract-broken"));
    write("a.csv", "at,id,x", "2024-01-01,1,0.5");
    assertThatThrownBy(() -> read(csv))
        .satisfies(
            e ->
                assertThat(SparkFailures.classify(e).orElseThrow())
                    .hasMessageContaining("CSV header does not conform")
                    .satisfies(known -> assertThat(typeOf(known)).isEqualTo("contract-broken")));
    assertThatThrownBy(() -> read(Attempts.files("events", raw, "csv", null)))
        .hasMessageContaining("events is csv and has no schema");
  }

  @Test
  void checksParquetAgainstItsContractByName() {
    String path = raw.resolve("p").toString();
    TestSpark.session()
        .sql("select cast(1 as float) x, date'2024-01-01' AT, cast(1 as int) id")
        .write()
        .parquet(path);
    assertThat(raw.resolve("p/_SUCCESS").toFile().delete()).isTrue();
    assertThat(read(Attempts.files("events", raw, "parquet", EVENTS)))
        .extracting(Row::toString)
        .containsExactly("[1,2024-01-01,1.0]");
    assertThat(read(Attempts.files("events", raw, "parquet", null))).hasSize(1);
    SchemaSpec other = contract("id bigint", "at string", "x double", "y int");
    assertThatThrownBy(() -> read(Attempts.files("events", raw, "parquet", other)))
        .hasMessageContaining("column at should be string and is date")
        .hasMessageContaining("column y (int) is missing");
  }

  @Test
  void readsAForeignTableAtItsVersionThroughDeltaWhereItMust() {
    String root = dir.resolve("foreign").toString();
    TestSpark.session().range(5).toDF("id").write().format("delta").save(root);
    TestSpark.session().range(9).toDF("id").write().format("delta").mode("append").save(root);
    Attempts viaSpark =
        new Attempts(dir.resolve("wh")) {
          @Override
          public java.util.Optional<Snapshot> find(String uri, long version) {
            String schema = "{\"type\":\"struct\",\"fields\":[]}";
            return java.util.Optional.of(
                new Snapshot(uri, version, "i", schema, List.of(), List.of(), true, version));
          }
        };
    PinnedSource source =
        new PinnedSource("t", InputKind.TABLE, root, 0, "id", false, List.of(), 0);
    PinnedInput input = new PinnedInput("in", "t", source, null);
    try (AttemptSession session = viaSpark.open("read", List.of(input), List.of())) {
      assertThat(session.context().input("in").count()).isEqualTo(5);
    }
  }

  private PinnedInput published(String name) {
    try (AttemptSession session = attempts.open(name, Attempts.output("rows"))) {
      Dataset<Row> rows = session.context().spark().range(20_000).toDF("id");
      StagedTable table = session.stage(StepOutput.table("rows", rows)).tables().get(0);
      return attempts.publish("in", table);
    }
  }

  private void sum(PinnedInput input) {
    try (AttemptSession session = attempts.open("sum", List.of(input), List.of())) {
      session.context().input("in").selectExpr("sum(id)").head();
    }
  }

  @Test
  void namesAFileThatWentAwayAndOneThatIsDamaged() throws IOException {
    PinnedInput input = published("gone");
    Path file = Attempts.tree(dir.resolve("wh/churn")).get(0);
    byte[] whole = Files.readAllBytes(file);

    // Without Hadoop's own checksum file, as on any other store.
    Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(whole.length / 3);
      int old = bytes.read();
      bytes.seek(whole.length / 3);
      bytes.write(old ^ 1);
    }
    assertThatThrownBy(() -> sum(input))
        .satisfies(
            e ->
                assertThat(SparkFailures.classify(e).orElseThrow())
                    .hasMessageContaining(file.getFileName().toString())
                    .satisfies(known -> assertThat(typeOf(known)).isEqualTo("storage-corrupt")));

    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> sum(input))
        .satisfies(e -> assertThat(typeOf(e)).isEqualTo("storage-corrupt"));

    Files.delete(file);
    assertThatThrownBy(() -> sum(input))
        .satisfies(
            e ->
                assertThat(SparkFailures.classify(e).orElseThrow())
                    .hasMessageContaining(file.getFileName().toString())
                    .satisfies(known -> assertThat(typeOf(known)).isEqualTo("input-gone")));
  }

  @Test
  void readsByFilesSoThatALaterVersionCannotSlipIn() {
    PinnedInput input = published("pinned");
    String root = dir.resolve("wh/churn/rows").toString();
    TestSpark.session().range(7).toDF("id").write().mode(SaveMode.Append).parquet(root);
    try (AttemptSession session = attempts.open("sum", List.of(input), List.of())) {
      assertThat(session.context().input("in").count()).isEqualTo(20_000);
    }
  }
}
