package io.mlpipeline.steps;

import static io.mlpipeline.steps.IngestIT.schema;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.steps.Ingest.Deduplicate;
import io.mlpipeline.steps.Ingest.Params;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Whatever is in the files: what is read is published, set apart or deduplicated, to the row. */
class ConservationIT {

  private static final List<String> CELLS =
      List.of(
          "1",
          "2",
          "3.0",
          "4.5",
          "",
          " ",
          "NA",
          "x",
          "-7",
          "99999999999",
          "\"a,b\"",
          "\"q\"\"q\"",
          "2024-01-01",
          "01/02/2024",
          "1e3",
          "é",
          "'",
          "\\",
          "\t",
          "true",
          "#",
          "null",
          "1,2");

  private static final List<String> VALUES =
      List.of(
          "1", "2", "3.0", "4.5", "null", "\"\"", "\"NA\"", "\"x\"", "{}", "[1]", "true", "1e3");

  private static final SchemaSpec CONTRACT =
      schema("id int!", "name string", "day date", "price decimal(6,2)");

  @Property(tries = 6)
  void losesNoLine(@ForAll("lines") List<List<String>> files, @ForAll Deduplicate deduplicate)
      throws IOException {
    List<String> texts = files.stream().map(lines -> "price,id,name,day\n" + text(lines)).toList();
    accounted("csv", texts, size(files), deduplicate);
  }

  @Property(tries = 6)
  void losesNoObject(@ForAll("objects") List<List<String>> files, @ForAll Deduplicate deduplicate)
      throws IOException {
    accounted("json", files.stream().map(ConservationIT::text).toList(), size(files), deduplicate);
  }

  private static void accounted(
      String format, List<String> texts, int written, Deduplicate deduplicate) throws IOException {
    Path dir = Files.createTempDirectory("conservation");
    for (int i = 0; i < texts.size(); i++) {
      Files.writeString(dir.resolve(i + "." + format), texts.get(i));
    }
    MapContext context =
        new MapContext().withFiles("raw", format, Map.of(), dir).withOutput("rows", CONTRACT);
    Params params = new Params(deduplicate, List.of("price"), List.of("NA"), Map.of(), Map.of());
    StepOutput output = new Ingest().run(context, params);
    long published = output.tables().get("rows").count();
    Dataset<Row> apart = output.quarantined().get("rows");
    long bad = apart == null ? 0 : apart.count();
    assertThat(output.accounts().get("rows").read()).isEqualTo(written);
    assertThat(published + bad + output.accounts().get("rows").deduplicated()).isEqualTo(written);
    if (apart != null) {
      assertThat(apart.filter("size(_rules) = 0 or _record is null").count()).isZero();
    }
    Statistics.label("good and bad rows")
        .collect(published > 0 && bad > 0)
        .coverage(coverage -> coverage.check(true).count(tries -> tries > 0));
    for (int i = 0; i < texts.size(); i++) {
      Files.delete(dir.resolve(i + "." + format));
    }
    Files.delete(dir);
  }

  @Provide
  Arbitrary<List<List<String>>> lines() {
    Arbitrary<String> cell = Arbitraries.of(CELLS);
    Arbitrary<String> whole =
        Combinators.combine(cell, cell, cell)
            .as((id, name, day) -> "1.5," + id + "," + name + "," + day);
    Arbitrary<String> good = Arbitraries.integers().between(1, 9).map(id -> "1.5," + id + ",x,");
    Arbitrary<String> ragged = cell.list().ofMinSize(1).ofMaxSize(7).map(c -> String.join(",", c));
    // A line of nothing is no row.
    return files(Arbitraries.oneOf(good, whole, ragged).filter(line -> !line.isBlank()));
  }

  @Provide
  Arbitrary<List<List<String>>> objects() {
    Arbitrary<String> value = Arbitraries.of(VALUES);
    Arbitrary<String> whole =
        Combinators.combine(value, value)
            .as((id, name) -> "{\"id\": " + id + ", \"name\": " + name + ", \"price\": 1}");
    Arbitrary<String> cut =
        Combinators.combine(whole, Arbitraries.integers().between(1, 20))
            .as((object, length) -> object.substring(0, length));
    return files(Arbitraries.frequencyOf(Tuple.of(4, whole), Tuple.of(1, cut)))
        .map(files -> files.stream().map(ConservationIT::withAnId).toList());
  }

  /**
   * A column that holds empty objects alone is none for Spark, and a file without a key is refused.
   */
  private static List<String> withAnId(List<String> objects) {
    return objects.isEmpty()
        ? objects
        : Stream.concat(objects.stream(), Stream.of("{\"id\": 1, \"name\": null, \"price\": 1}"))
            .toList();
  }

  private static Arbitrary<List<List<String>>> files(Arbitrary<String> row) {
    return row.list().ofMaxSize(40).list().ofMinSize(1).ofMaxSize(3);
  }

  private static String text(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static int size(List<List<String>> files) {
    return files.stream().mapToInt(List::size).sum();
  }
}
