package io.mlpipeline;

import io.mlpipeline.config.SchemaText;
import io.mlpipeline.spark.table.GuessedFiles;
import io.mlpipeline.spark.table.SchemaGuess;
import io.mlpipeline.spark.table.SchemaGuess.Texts;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** A first contract from files, as the text of a schema file. */
final class SchemaInference {

  private SchemaInference() {}

  static String text(SparkSession session, String path, String format, String name) {
    Texts texts =
        switch (format) {
          case "csv" -> Texts.ANYTHING;
          case "json" -> Texts.TIMES;
          default -> Texts.TEXTS;
        };
    SchemaGuess guess = SchemaGuess.of(name, GuessedFiles.read(session, path, format), texts);
    List<String> head =
        List.of(
            name + ", a first contract from " + guess.rows() + " rows: read it and correct it.",
            "It says what was seen, which is not what is agreed.");
    return SchemaText.of(guess.schema(), head, guess.remarks());
  }
}
