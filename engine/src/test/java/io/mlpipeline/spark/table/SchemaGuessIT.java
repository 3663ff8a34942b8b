package io.mlpipeline.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.spark.table.SchemaGuess.Texts;
import io.mlpipeline.testkit.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaGuessIT {

  @TempDir Path dir;

  private SchemaGuess guess(String format, Texts texts, String... lines) throws IOException {
    Path file = dir.resolve("data." + format);
    Files.write(file, List.of(lines));
    return SchemaGuess.of(
        "x-v1", GuessedFiles.read(TestSpark.session(), file.toString(), format), texts);
  }

  private static List<String> shown(SchemaGuess guess) {
    List<String> shown = new ArrayList<>();
    for (ColumnSpec column : guess.schema().columns()) {
      shown.add(
          column.name()
              + " "
              + column.type()
              + (column.nullable() ? "" : " not null")
              + (column.pii() ? " pii" : ""));
    }
    return shown;
  }

  @Test
  void tellsTypesNullsAKeyAndPersonalNamesOfTexts() throws IOException {
    SchemaGuess guess =
        guess(
            "csv",
            Texts.ANYTHING,
            "\uFEFFno;order_id;zip;Email;productName;firstName;big;fee;wide;real;on;day;no_day;at;none;mixed",
            "1;7;02134;a@b;x;\"A;\nB\";3000000000;1.50;0.123456;1e3;true;2024-02-29;2024-02-30;2024-01-01 10:00:00; ;1",
            "1;8;10001;;x;B;2;-10;2;.5;false;2024-01-01;2024-01-01;2024-01-01T10:00:00.5Z;;x",
            "2;9;10002; ;x;B;2;7;2;.5;false;2024-01-01;2024-01-01;2024-01-01T10:00:00.5Z;;x",
            "2;10;10002;c;x;B;2;7;2;.5;false;2024-01-01;2024-01-01;2024-01-01T10:00:00.5Z;;x",
            "2;11;10002;c;x;B;2;7;2;.5;false;2024-01-01;2024-01-01;2024-01-01T10:00:00.5Z;;x");
    assertThat(guess.rows()).isEqualTo(5);
    assertThat(shown(guess))
        .containsExactly(
            "no int not null",
            "order_id bigint not null",
            "zip string not null",
            "Email string pii",
            "productName string not null",
            "firstName string not null pii",
            "big bigint not null",
            "fee decimal(10,2) not null",
            "wide double not null",
            "real double not null",
            "on boolean not null",
            "day date not null",
            "no_day string not null",
            "at timestamp not null",
            "none string",
            "mixed string not null");
    assertThat(guess.schema().keys()).containsExactly("order_id");
    assertThat(guess.remarks())
        .containsOnlyKeys("none", "productName")
        .containsEntry("productName", "if these are all there may be: allowed: [\"x\"]");
  }

  @Test
  void takesTypesOfFormatsThatHaveThem() throws IOException {
    SchemaGuess guess =
        guess(
            "json",
            Texts.TIMES,
            "[{\"id\": \"5\", \"day\": \"2024-01-01\", \"s\": {\"a\": [1]}},",
            " {\"id\": \"5\", \"day\": \"2024-01-02\", \"n\": 1.5}]");
    assertThat(shown(guess))
        .containsExactly(
            "day date not null", "id string not null", "n double", "s struct<a:array<bigint>>");
    assertThat(guess.schema().keys()).isEmpty();
    assertThat(guess("csv", Texts.ANYTHING, "a,b").schema().columns())
        .containsExactly(new ColumnSpec("a", "string", true), new ColumnSpec("b", "string", true));
  }
}
