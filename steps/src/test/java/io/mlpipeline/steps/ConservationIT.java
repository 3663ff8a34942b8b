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
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"csv, 1, BY_KEY", "csv, 2, OFF", "json, 3, EXACT"})
  void losesNoRow(String format, long seed, Deduplicate deduplicate) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int written = 0;
    for (int file = 0; file < 3; file++) {
      StringBuilder text = new StringBuilder(format.equals("csv") ? "price,id,name,day\n" : "");
      int rows = random.nextInt(200);
      for (int i = 0; i < rows; i++) {
        text.append(format.equals("csv") ? line(random) : object(random)).append('\n');
      }
      written += rows;
      Files.writeString(dir.resolve(file + "." + format), text);
    }
    MapContext context =
        new MapContext().withFiles("raw", format, Map.of(), dir).withOutput("rows", CONTRACT);
    Params params = new Params(deduplicate, List.of("price"), List.of("NA"), Map.of(), Map.of());
    StepOutput output = new Ingest().run(context, params);
    long published = output.tables().get("rows").count();
    long bad = output.quarantined().get("rows").count();
    assertThat(output.accounts().get("rows").read()).isEqualTo(written);
    assertThat(published + bad + output.accounts().get("rows").deduplicated()).isEqualTo(written);
    assertThat(published).isPositive();
    assertThat(bad).isPositive();
    assertThat(
            output.quarantined().get("rows").filter("size(_rules) = 0 or _record is null").count())
        .isZero();
  }

  private static String line(SplittableRandom random) {
    StringBuilder line = new StringBuilder(random.nextInt(4) > 0 ? "1.5,2" : cell(random));
    int cells = random.nextInt(10) == 0 ? random.nextInt(6) : 2;
    for (int i = 0; i < cells; i++) {
      line.append(',').append(random.nextBoolean() ? "" : cell(random));
    }
    // A line of nothing is no row.
    return line.toString().isBlank() ? "1" : line.toString();
  }

  private static String cell(SplittableRandom random) {
    return CELLS.get(random.nextInt(CELLS.size()));
  }

  private static String object(SplittableRandom random) {
    int cut = random.nextInt(10);
    String id = random.nextBoolean() ? "1" : value(random);
    String object = "{\"id\": " + id + ", \"name\": " + value(random) + ", \"price\": 1}";
    return cut == 0 ? object.substring(0, 1 + random.nextInt(object.length() - 1)) : object;
  }

  private static String value(SplittableRandom random) {
    return VALUES.get(random.nextInt(VALUES.size()));
  }
}
