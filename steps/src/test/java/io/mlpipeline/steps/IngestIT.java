package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.Compatibility;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.RowAccount;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Ingest.Deduplicate;
import io.mlpipeline.steps.Ingest.Params;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestIT extends IngestTesting {

  private static final SchemaSpec ITEMS = schema("id bigint!", "name string", "price decimal(6,2)");

  @Test
  void findsColumnsByNameWhateverTheirOrderInAFile() throws IOException {
    write("a.csv", "id,name,price\n1,one,1.50\n");
    write("b.csv", "\uFEFFprice, NAME ,id\r\n2.5,\"t, \"\"w\"\"o\",2\r\n");
    write("empty.csv", "");
    write("header-only.csv", "id,name,price\n");
    assertThat(rows(csv(ITEMS, Map.of())))
        .containsExactlyInAnyOrder("1|one|1.50", "2|t, \"w\"o|2.50");
  }

  @Test
  void keepsBadRecordsAsideWithFileRecordAndReason() throws IOException {
    write(
        "in[1] +%20é.csv",
        "id,name,price\n1,ok,1.00\n2,short\n3,long,1.00,9\nx,word,1.00\n,nokey,1.00\n4,much,1.239\n");
    StepOutput output = csv(ITEMS, Map.of());
    assertThat(rows(output)).containsExactly("1|ok|1.00");
    assertThat(output.metrics())
        .contains(entry("rows_read", 6.0), entry("rows_bad", 5.0), entry("rows_published", 1.0))
        .contains(entry("rows_duplicate", 0.0));
    String file = "in[1] +%20é.csv|";
    String ragged = "the line does not have 3 fields like its header|" + file;
    assertThat(lines(output.quarantined().get("rows")))
        .containsExactlyInAnyOrder(
            "2|short|null|[contract-record]|" + ragged + "2,short",
            "3|long|1.00|[contract-record]|" + ragged + "3,long,1.00,9",
            "null|word|1.00|[contract-id-type]|column id: 'x' is no bigint|" + file + "x,word,1.00",
            "null|nokey|1.00|[contract-id-not-null]|column id: no value, but the contract does not"
                + " allow null|"
                + file
                + ",nokey,1.00",
            "4|much|null|[contract-price-type]|column price: '1.239' is no decimal(6,2)|"
                + file
                + "4,much,1.239");
    assertThat(output.accounts().get("rows")).isEqualTo(new RowAccount(6, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "int|12|12",
        "int| 12 |12",
        "int|12.7|bad",
        "int|12.0|12",
        "int|12.|bad",
        "int|12.01|bad",
        "int|3000000000|bad",
        "int|1e3|bad",
        "bigint|9223372036854775808|bad",
        "double|1e3|1000.0",
        "double|.5|0.5",
        "double|12d|bad",
        "double|NaN|bad",
        "double|Infinity|bad",
        "double|1e999|bad",
        "double|1,5|bad",
        "decimal(6,2)|1.5|1.50",
        "decimal(6,2)|1.50000|1.50",
        "decimal(6,2)|1.505|bad",
        "decimal(6,2)|99999.0|bad",
        "decimal(6,2)|1e-3|bad",
        "boolean|Yes|true",
        "boolean|0|false",
        "boolean|perhaps|bad",
        "date|2024-02-29|2024-02-29",
        "date|2023-02-29|bad",
        "date|2024|bad",
        "date|2024-2-9|bad",
        "date|2024-02-09T10:00:00|bad",
        "timestamp|2024-02-29 10:11:12|2024-02-29 10:11:12",
        "timestamp|2024-02-29T10:11:12.5+02:00|2024-02-29 08:11:12.5",
        "timestamp|10:30|bad",
        "timestamp|1:00-08:00|bad",
        "timestamp|now|bad",
        "timestamp|2024|bad",
        "string|` as it is `|` as it is `",
      })
  void readsValuesExactlyOrNotAtAll(String type, String text, String expected) throws IOException {
    write("a.csv", "v;id\n" + text + ";1\n");
    StepOutput output = csv(schema("id int", "v " + type), Map.of("delimiter", ";"));
    List<String> found = rows(output);
    if (expected.equals("bad")) {
      assertThat(output.metrics()).containsEntry("rows_bad", 1.0);
    } else {
      assertThat(found).containsExactly("1|" + expected);
    }
  }

  @Test
  void readsBlanksAsNullAndCountsThem() throws IOException {
    write("a.csv", "id,name,price\n1,one, \n2,two,\n3, ,\"  \"\n");
    StepOutput output = csv(ITEMS, Map.of());
    assertThat(rows(output)).containsExactlyInAnyOrder("1|one|null", "2|two|null", "3| |null");
    assertThat(output.metrics())
        .containsEntry("blank_values.price", 2.0)
        .doesNotContainKey("blank_values.name");
  }

  @Test
  void keepsTheGreatestRowOfAKeyWhereverItLies() throws IOException {
    String header = "id,name,price\n";
    List<String> lines = List.of("1,b,2.00", "1,a,2.00", "1,a,3.00", "2,x,", "2,x,", "2,,1.00");
    Params byPrice = orderedBy("price");
    write("a.csv", header + String.join("\n", lines));
    List<String> first = rows(run("csv", ITEMS, Map.of(), byPrice));
    List<String> anyFirst = rows(run("csv", ITEMS, Map.of(), Params.NONE));
    Files.delete(dir.resolve("a.csv"));
    for (int i = 0; i < lines.size(); i++) {
      write(9 - i + ".csv", header + lines.get(lines.size() - 1 - i));
    }
    assertThat(first).containsExactlyInAnyOrder("1|a|3.00", "2|null|1.00");
    assertThat(rows(run("csv", ITEMS, Map.of(), byPrice))).hasSameElementsAs(first);
    assertThat(rows(run("csv", ITEMS, Map.of(), Params.NONE)))
        .hasSize(2)
        .hasSameElementsAs(anyFirst);
    Params off = deduplicating(Deduplicate.OFF);
    assertThat(rows(run("csv", dropping(schema("id bigint", "name string")), Map.of(), off)))
        .hasSize(6);
  }

  @Test
  void seesChangedFilesUnderTheSamePath() throws IOException {
    write("a.csv", "id,name,price\n1,old,\n");
    assertThat(rows(csv(ITEMS, Map.of()))).containsExactly("1|old|null");
    write("a.csv", "id,name,price\n1,new,\n");
    assertThat(rows(csv(ITEMS, Map.of()))).containsExactly("1|new|null");
  }

  @Test
  void publishesNothingOfNothing() throws IOException {
    StepOutput none = csv(ITEMS, Map.of());
    assertThat(none.tables().get("rows").schema().simpleString())
        .isEqualTo("struct<id:bigint,name:string,price:decimal(6,2),_source_file:string>");
    assertThat(none.metrics()).containsEntry("rows_read", 0.0);
    write("empty.csv", "");
    assertThat(rows(csv(ITEMS, Map.of()))).isEmpty();
    assertThat(csv(ITEMS, Map.of()).quarantined()).isEmpty();
  }

  @Test
  void readsOddDialects() throws IOException {
    Files.write(
        dir.resolve("a.csv"),
        "1;'M\u00fcller; \\' x';29.02.2024\n2;NA;NA\n".getBytes(StandardCharsets.ISO_8859_1));
    Map<String, String> options =
        Map.of(
            "header",
            "false",
            "delimiter",
            ";",
            "quote",
            "'",
            "escape",
            "\\",
            "null-value",
            "NA",
            "encoding",
            "ISO-8859-1",
            "date-format",
            "dd.MM.yyyy");
    assertThat(rows(csv(schema("id int!", "name string", "day date"), options)))
        .containsExactlyInAnyOrder("1|M\u00fcller; ' x|2024-02-29", "2|null|null");
  }

  @Test
  void readsLinesThatRunOnAndCompressedFiles() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("a.csv.gz")))) {
      out.write("id,name,price\n1,\"two\nlines\",1\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(rows(csv(ITEMS, Map.of("multi-line", "true")))).containsExactly("1|two\nlines|1.00");
  }

  @Test
  void holdsJsonToTheSameRules() throws IOException {
    write(
        "a.json",
        """
        {"id": 1, "name": "one", "price": 1.5, "tags": ["a", null]}
        {"id": "2", "price": " "}

        {"id": 3.7, "name": "bad"}
        {"id": 4, "name"
        {"id": 5, "tags": "none"}
        """);
    StepOutput output =
        run(
            "json",
            schema("id bigint!", "name string", "price decimal(6,2)", "tags array<string>"),
            Map.of(),
            Params.NONE);
    assertThat(output.metrics()).containsEntry("rows_bad", 3.0);
    assertThat(output.tables().get("rows").select("id", "name", "price").collectAsList())
        .extracting(Row::mkString)
        .containsExactlyInAnyOrder("1one1.50", "2nullnull");
  }

  @Test
  void readsParquetByItsOwnSchemaOrByContract() {
    MapContext context = new MapContext();
    context
        .spark()
        .sql("select * from values (1L, 'a', 1.5D), (2L, 'b', 2.25D) as t(id, name, price)")
        .write()
        .parquet(dir.resolve("p").toUri().toString());
    remove("_SUCCESS", "._SUCCESS.crc");
    assertThat(rows(run("parquet", null, Map.of(), Params.NONE)))
        .containsExactlyInAnyOrder("1|a|1.5", "2|b|2.25");
    StepOutput narrow =
        run("parquet", dropping(schema("price decimal(4,1)", "id int")), Map.of(), Params.NONE);
    assertThat(rows(narrow)).containsExactly("1.5|1");
    assertThat(lines(narrow.quarantined().get("rows")).get(0))
        .contains("{\"price\":2.25,\"id\":2}")
        .contains("column price: '2.25' is no decimal(4,1)");
  }

  @Test
  void readsByTheContractOfTheFilesFirst() throws IOException {
    write("a.csv", "id,price\n1,1.5\n2,no\n");
    MapContext context =
        context("csv", schema("id string", "price int"), Map.of())
            .withSchema("raw", schema("id int", "price double"));
    StepOutput output = new Ingest().run(context, Params.NONE);
    assertThat(lines(output.quarantined().get("rows")))
        .containsExactlyInAnyOrder(
            "1|null|[contract-price-type]|column price: '1.5' is no int|a.csv|1,1.5",
            "2|null|[contract-price-type]|column price: 'no' is no int|a.csv|2,no");
  }

  @Test
  void refusesWhatCannotBeMeant() throws IOException {
    write("a.csv", "id,nam,price\n1,x,1\n");
    refused(ErrorType.CONTRACT_BROKEN, ITEMS, Map.of(), Params.NONE)
        .hasMessageContaining("file a.csv has column 'nam'")
        .hasMessageContaining("did you mean 'name'?");
    write("a.csv", "id,name,price,Name\n1,x,1,y\n");
    assertThat(rows(csv(ITEMS, Map.of()))).containsExactly("1|x|1.00");
    write("a.csv", "id,NAME,price,Name\n1,x,1,y\n");
    refused(ErrorType.CONTRACT_BROKEN, ITEMS, Map.of(), Params.NONE)
        .hasMessageContaining("'name' 2 times");
    refused(ErrorType.CONFIG_INVALID, ITEMS, Map.of("delimeter", ";"), Params.NONE)
        .hasMessageContaining("did you mean 'delimiter'?");
    refused(ErrorType.CONFIG_INVALID, ITEMS, Map.of("encoding", "utf-9"), Params.NONE);
    refused(ErrorType.CONFIG_INVALID, ITEMS, Map.of("quote", "<<"), Params.NONE);
    refused(ErrorType.CONFIG_INVALID, ITEMS, Map.of("header", "yes"), Params.NONE);
    refused(ErrorType.CONFIG_INVALID, null, Map.of(), Params.NONE)
        .hasMessageContaining("name a schema");
    refused(ErrorType.CONFIG_INVALID, ITEMS, Map.of(), orderedBy("prize"))
        .hasMessageContaining("did you mean 'price'?");
    refused(ErrorType.CONFIG_INVALID, ITEMS, Map.of(), orderedBy("price down"))
        .hasMessageContaining("asc or desc");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      ErrorType type, SchemaSpec schema, Map<String, String> options, Params params) {
    return assertThatThrownBy(() -> run("csv", schema, options, params))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).as(e.getMessage()).isEqualTo(type));
  }

  private StepOutput csv(SchemaSpec schema, Map<String, String> options) {
    return run("csv", schema, options, Params.NONE);
  }

  private void remove(String... names) {
    for (String name : names) {
      assertThat(dir.resolve("p").resolve(name).toFile().delete()).isTrue();
    }
    for (java.io.File file : dir.resolve("p").toFile().listFiles((d, n) -> n.endsWith(".crc"))) {
      assertThat(file.delete()).isTrue();
    }
  }

  /** Columns as "name type", not null if "!" follows; the first is the key if it is not null. */
  static SchemaSpec schema(String... columns) {
    List<ColumnSpec> specs = new ArrayList<>();
    for (String column : columns) {
      String[] parts = column.replace("!", "").split(" ", 2);
      specs.add(new ColumnSpec(parts[0], parts[1], !column.endsWith("!")));
    }
    List<String> keys = specs.get(0).nullable() ? List.of() : List.of(specs.get(0).name());
    return new SchemaSpec("test-v1", specs, keys);
  }

  static SchemaSpec dropping(SchemaSpec schema) {
    return with(schema, NewColumns.DROP);
  }

  static SchemaSpec with(SchemaSpec schema, NewColumns newColumns) {
    return new SchemaSpec(
        schema.name(),
        null,
        schema.columns(),
        schema.keys(),
        List.of(),
        newColumns,
        Compatibility.UNSTATED);
  }

  static Params orderedBy(String... order) {
    return new Params(Deduplicate.BY_KEY, List.of(order), List.of(), Map.of(), Map.of());
  }

  private static Params deduplicating(Deduplicate by) {
    return new Params(by, List.of(), List.of(), Map.of(), Map.of());
  }

  static List<String> rows(StepOutput output) {
    return lines(output.tables().get("rows").drop(StepOutput.SOURCE_FILE));
  }

  static List<String> lines(Dataset<Row> rows) {
    Dataset<Row> texts = rows;
    for (String column : rows.columns()) {
      texts = texts.withColumn(column, rows.col(column).cast("string"));
    }
    return texts.collectAsList().stream().map(r -> r.mkString("|")).toList();
  }
}
