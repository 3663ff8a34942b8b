package io.mlpipeline.steps;

import static io.mlpipeline.steps.IngestIT.dropping;
import static io.mlpipeline.steps.IngestIT.lines;
import static io.mlpipeline.steps.IngestIT.orderedBy;
import static io.mlpipeline.steps.IngestIT.rows;
import static io.mlpipeline.steps.IngestIT.schema;
import static io.mlpipeline.steps.IngestIT.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Freshness;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.RowAccount;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Ingest.Deduplicate;
import io.mlpipeline.steps.Ingest.Params;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that data comes in, and what the contract makes of them. */
class IngestFormsIT extends IngestTesting {

  private static final SchemaSpec PLAIN = schema("id int", "name string");

  @Test
  void readsDatesNumbersAndNullsAsDeclaredAndNotOtherwise() throws IOException {
    write(
        "a.csv",
        """
        id;day;at;price;whole;name
        1;2024-03-01;01.02.2024 03:04;€ 1.234,50;1.000;NA
        2;01/03/2024;2024-02-01 03:04:05;-12,5 €;NA;-
        3;2024/03/01;02.2024;1.5;12.34;x
        4; - ;NA;1.23,4;1,0;y
        5;;;12;7,00;z
        """);
    Params params =
        new Params(
            Deduplicate.OFF,
            List.of(),
            List.of("NA", "-"),
            Map.of("day", List.of("iso", "dd/MM/yyyy"), "AT", List.of("dd.MM.yyyy HH:mm", "iso")),
            Map.of("thousands", ".", "decimal", ",", "currency", "true"));
    SchemaSpec contract =
        schema(
            "id int", "day date", "at timestamp", "price decimal(9,2)", "whole int", "name string");
    StepOutput output = run("csv", contract, Map.of("delimiter", ";"), params);
    assertThat(rows(output))
        .containsExactlyInAnyOrder(
            "1|2024-03-01|2024-02-01 03:04:00|1234.50|1000|null",
            "2|2024-03-01|2024-02-01 03:04:05|-12.50|null|null",
            "5|null|null|12.00|7|z");
    assertThat(output.quarantined().get("rows").select("id", "_rules").collectAsList())
        .extracting(row -> row.get(0) + " " + row.getList(1))
        .containsExactlyInAnyOrder(
            "3 [contract-day-type, contract-at-type, contract-price-type, contract-whole-type]",
            "4 [contract-price-type]");
    assertThat(output.metrics()).containsEntry("coerced_values.whole", 1.0);
  }

  @Test
  void reportsWholeNumbersThatComeWithAPoint() throws IOException {
    write("a.csv", "id,name\n1,a\n2.0,b\n-3.000,c\n4.5,d\n");
    write("b.csv", "id,name\n5.0,e\n");
    StepOutput output = run("csv", PLAIN);
    assertThat(rows(output)).containsExactlyInAnyOrder("1|a", "2|b", "-3|c", "5|e");
    assertThat(output.metrics())
        .contains(entry("coerced_values.id", 3.0), entry("rows_bad", 1.0))
        .doesNotContainKey("coerced_values.name");
  }

  @Test
  void reconcilesColumnsThatComeAndGoWithTheContract() throws IOException {
    write("a.csv", "id,name\n1,a\n");
    write("b.csv", "extra,id\nx,2\n");
    write("c.csv", "# made by hand\n\n# twice\nid,extra\n3,y\n#4,z\n");
    SchemaSpec warning = with(PLAIN, NewColumns.WARN);
    StepOutput output = run("csv", warning, Map.of("comment", "#"), Params.NONE);
    assertThat(rows(output)).containsExactlyInAnyOrder("1|a", "2|null", "3|null");
    assertThat(output.metrics())
        .contains(entry("files_without.name", 2.0), entry("new_columns.extra", 2.0));
    assertThat(run("csv", dropping(PLAIN), Map.of("comment", "#"), Params.NONE).metrics())
        .contains(entry("files_without.name", 2.0))
        .doesNotContainKey("new_columns.extra");
    refused(PLAIN, "file b.csv has column 'extra'");
    refused(dropping(schema("id int", "name string!")), "file b.csv has no column 'name'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "UTF-16", "UTF-16LE", "UTF-8"})
  void readsEveryEncodingWithAndWithoutHeader(String encoding) throws IOException {
    Charset charset = Charset.forName(encoding);
    String mark = encoding.equals("UTF-8") || encoding.equals("UTF-16LE") ? "\uFEFF" : "";
    Files.write(
        dir.resolve("a.csv"),
        (mark + "id|^|name\r\n1|^|Müller\r\n2|^|\"x|^|y\"\r\n").getBytes(charset));
    Map<String, String> options = Map.of("encoding", encoding, "delimiter", "|^|");
    assertThat(rows(run("csv", PLAIN, options, Params.NONE)))
        .containsExactlyInAnyOrder("1|Müller", "2|x|^|y");
    Files.write(
        dir.resolve("a.csv"), (mark + "7,\"two\n lines\"\r\n8,é\r\n9\r\n").getBytes(charset));
    Map<String, String> bare =
        Map.of("encoding", encoding, "header", "false", "multi-line", "true");
    StepOutput output = run("csv", PLAIN, bare, Params.NONE);
    assertThat(rows(output)).containsExactlyInAnyOrder("7|two\n lines", "8|é");
    assertThat(output.metrics()).containsEntry("rows_bad", 1.0);
  }

  @Test
  void countsTextsThatWereDecodedByAnotherEncodingThanTheyWereWrittenIn() throws IOException {
    Files.write(
        dir.resolve("a.csv"), "id,name\n1,Jörg\n2,Max\n".getBytes(StandardCharsets.ISO_8859_1));
    StepOutput output = run("csv", PLAIN);
    assertThat(rows(output)).containsExactlyInAnyOrder("1|J\uFFFDrg", "2|Max");
    assertThat(output.metrics()).containsEntry("undecoded_values.name", 1.0);
    write("a.csv", "id;name\n1;Max\n");
    refused(dropping(schema("id int!", "name string")), "is it another delimiter?");
  }

  @Test
  void namesACompressedFileThatIsCutOff() throws IOException {
    write("a.csv", "id,name\n1,a\n");
    StringBuilder text = new StringBuilder("id,name\n");
    for (int i = 0; i < 5_000; i++) {
      text.append(i).append(",n").append(i * 7_919L).append('\n');
    }
    gzip("b.csv.gz", text.toString());
    byte[] whole = Files.readAllBytes(dir.resolve("b.csv.gz"));
    Files.write(dir.resolve("b.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> run("csv", PLAIN))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.INPUT_MISSING))
        .hasMessageContaining("file b.csv.gz is damaged or cut off");
  }

  @Test
  void cutsJsonDocumentsIntoRecordsAndLosesNone() throws IOException {
    write("a.json", "[{\"id\": 1,\n \"name\": \"a\"}, {\"id\": 2.0}, [3], 4]\n{\"id\":\n5}");
    gzip("b.json.gz", "\uFEFF{\"id\": 6, \"name\": {\"x\": 1.50}}\n{\"id\": 7}");
    write("broken.json", "[{\"id\": 8}, {\"id\": 9, \"name\"");
    StepOutput output = run("json", PLAIN, Map.of("multi-line", "true"), Params.NONE);
    assertThat(rows(output))
        .containsExactlyInAnyOrder("1|a", "2|null", "5|null", "6|{\"x\":1.5}", "7|null", "8|null");
    assertThat(output.metrics())
        .contains(entry("rows_read", 9.0), entry("rows_bad", 3.0), entry("coerced_values.id", 1.0));
    assertThat(output.quarantined().get("rows").select("_source_file").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("a.json", "broken.json");
  }

  @Test
  void seesNewFieldsInJsonLines() throws IOException {
    write("a.json", "{\"id\": 1}\n{\"id\": 2, \"nam\": \"x\"}\n");
    assertThatThrownBy(() -> run("json", PLAIN))
        .hasMessageContaining("the input has column 'nam'")
        .hasMessageContaining("did you mean 'name'?");
    StepOutput output = run("json", dropping(PLAIN));
    assertThat(rows(output)).containsExactlyInAnyOrder("1|null", "2|null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "avro"})
  void readsColumnsThatChangeTheirTypeFromFileToFile(String format) throws IOException {
    part(format, "a", "select 1 as id, 'a' as name");
    part(format, "b", "select 2.0D as id, 'b' as name, true as extra");
    part(format, "c", "select '3' as id");
    part(format, "d", "select 4.5D as id, 'd' as name");
    StepOutput output = run(format, dropping(PLAIN));
    assertThat(rows(output)).containsExactlyInAnyOrder("1|a", "2|b", "3|null");
    assertThat(output.metrics())
        .contains(entry("coerced_values.id", 1.0), entry("files_without.name", 1.0))
        .contains(entry("rows_bad", 1.0));
    assertThat(output.quarantined().get("rows").head().<String>getAs("_source_file"))
        .startsWith("d");
    refused(format, PLAIN, "has column 'extra'");
  }

  @Test
  void holdsATableToTheSameRules() {
    MapContext context =
        new MapContext().withOutput("rows", schema("id int!", "price decimal(4,1)"));
    context.with(
        "raw",
        context
            .spark()
            .sql(
                "select * from values (1L, 1.5D), (1L, 2.5D), (3L, 2.25D), (null, 1D) t(ID,"
                    + " price)"));
    StepOutput output = new Ingest().run(context, orderedBy("price asc"));
    assertThat(rows(output)).containsExactly("1|1.5");
    assertThat(output.accounts().get("rows")).isEqualTo(new RowAccount(4, 1));
    assertThat(lines(output.quarantined().get("rows")))
        .containsExactlyInAnyOrder(
            "3|null|[contract-price-type]|column price: '2.25' is no decimal(4,1)|null|"
                + "{\"id\":3,\"price\":2.25}",
            "null|1.0|[contract-id-not-null]|column id: no value, but the contract does not allow"
                + " null|null|{\"price\":1.0}");
  }

  @Test
  void keepsOneRowOfAKeyInEitherDirectionAndOfEqualRows() throws IOException {
    String lines = "1,b,3\n1,a,3\n1,c,\n1,a,3\n1,x,1\n2,,\n2,,\n";
    write("a.csv", "id,name,rank\n" + lines);
    SchemaSpec contract = schema("id int!", "name string", "rank int");
    assertThat(rows(run("csv", contract, Map.of(), orderedBy("rank", "name asc"))))
        .containsExactlyInAnyOrder("1|a|3", "2|null|null");
    assertThat(rows(run("csv", contract, Map.of(), orderedBy("rank asc"))))
        .containsExactlyInAnyOrder("1|x|1", "2|null|null");
    Params exact = new Params(Deduplicate.EXACT, List.of(), List.of(), Map.of(), Map.of());
    StepOutput output = run("csv", contract, Map.of(), exact);
    assertThat(rows(output))
        .containsExactlyInAnyOrder("1|b|3", "1|a|3", "1|c|null", "1|x|1", "2|null|null");
    assertThat(output.accounts().get("rows")).isEqualTo(new RowAccount(7, 2));
  }

  @Test
  void refusesDataWhoseNewestValueIsOld() throws IOException {
    write("a.csv", "id,at\n1,2024-05-01 10:00:00\n2,2024-05-30 12:00:00\n3,\n");
    SchemaSpec contract = schema("id int", "at timestamp");
    Instant now = Instant.parse("2024-06-01T12:00:00Z");
    MapContext fresh = context("csv", contract, Map.of());
    fresh.withFreshness("raw", new Freshness("events", "AT", Duration.ofDays(2), now));
    assertThat(rows(new Ingest().run(fresh, Params.NONE))).hasSize(3);
    MapContext stale = context("csv", contract, Map.of());
    stale.withFreshness("raw", new Freshness("events", "at", Duration.ofHours(47), now));
    assertThatThrownBy(() -> new Ingest().run(stale, Params.NONE))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.INPUT_STALE))
        .hasMessageContaining("The newest at of events is 2024-05-30T12:00:00Z, 2d 0h00m ago")
        .hasMessageContaining("max-age is 1d 23h00m");
  }

  @Test
  void refusesParamsThatCannotBeMeant() throws IOException {
    write("a.csv", "id,name\n1,a\n");
    assertThatThrownBy(() -> run("csv", PLAIN, Map.of(), numbers(Map.of("thousand", "."))))
        .hasMessageContaining("did you mean 'thousands'?");
    assertThatThrownBy(() -> run("csv", PLAIN, Map.of(), numbers(Map.of("thousands", "."))))
        .hasMessageContaining("two different characters");
    Params formats =
        new Params(Deduplicate.OFF, List.of(), List.of(), Map.of("id", List.of("yyyy")), Map.of());
    assertThatThrownBy(() -> run("csv", PLAIN, Map.of(), formats))
        .hasMessageContaining("'id' is no date or timestamp");
    assertThatThrownBy(() -> run("csv", PLAIN, Map.of("comment", "//"), Params.NONE))
        .hasMessageContaining("must be one character");
  }

  private static Params numbers(Map<String, String> numbers) {
    return new Params(Deduplicate.OFF, List.of(), List.of(), Map.of(), numbers);
  }

  private void refused(SchemaSpec contract, String message) {
    assertThatThrownBy(() -> run("csv", contract, Map.of("comment", "#"), Params.NONE))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.CONTRACT_BROKEN))
        .hasMessageContaining(message);
  }

  private void refused(String format, SchemaSpec contract, String message) {
    assertThatThrownBy(() -> run(format, contract)).hasMessageContaining(message);
  }

  private void part(String format, String name, String sql) throws IOException {
    SparkSession spark = new MapContext().spark();
    Path written = dir.resolveSibling(dir.getFileName() + "-" + name);
    spark.sql(sql).coalesce(1).write().format(format).save(written.toUri().toString());
    try (java.util.stream.Stream<Path> files = Files.list(written)) {
      Path part =
          files
              .filter(f -> f.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      Files.move(part, dir.resolve(name + "." + format));
    }
  }

  private StepOutput run(String format, SchemaSpec schema) {
    return run(format, schema, Map.of(), Params.NONE);
  }

  private void gzip(String name, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
