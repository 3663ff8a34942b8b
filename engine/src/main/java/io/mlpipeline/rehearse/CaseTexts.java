package io.mlpipeline.rehearse;

import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.InputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes rows of a case as the file that a step expects which reads files itself. */
final class CaseTexts {

  private CaseTexts() {}

  /** The file's text: as it was written, or made of cells for CSV and JSON. */
  static String of(InputSpec input, WrittenTable written) {
    String text = written.text();
    boolean isTable = text == null || text.lines().findFirst().orElse("").indexOf('|') >= 0;
    return switch (String.valueOf(input.format())) {
      case "csv" -> {
        String delimiter = input.options().getOrDefault("delimiter", ",");
        yield text != null && !isTable ? text : csv(written, delimiter, input);
      }
      case "json" -> json(written);
      default ->
          throw EngineException.misused(
              "input " + input.name() + " is " + input.format() + ", which no case can write",
              "give what the step makes of it instead");
    };
  }

  private static String csv(WrittenTable written, String delimiter, InputSpec input) {
    List<String> lines = new ArrayList<>();
    if (!"false".equals(input.options().get("header"))) {
      lines.add(String.join(delimiter, written.columns()));
    }
    written
        .rows()
        .forEach(
            row ->
                lines.add(
                    row.stream()
                        .map(cell -> cell(cell, delimiter))
                        .collect(Collectors.joining(delimiter))));
    return String.join("\n", lines) + "\n";
  }

  private static String cell(@Nullable String cell, String delimiter) {
    if (cell == null) {
      return "";
    }
    boolean isPlain =
        !cell.isEmpty()
            && !cell.contains(delimiter)
            && cell.indexOf('"') < 0
            && cell.indexOf('\n') < 0;
    return isPlain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static String json(WrittenTable written) {
    StringBuilder out = new StringBuilder();
    for (List<@Nullable String> row : written.rows()) {
      byte[] line =
          io.mlpipeline.json.JsonOut.compact(
              object -> {
                for (int i = 0; i < row.size(); i++) {
                  object.text(written.columns().get(i), row.get(i));
                }
              });
      out.append(new String(line, java.nio.charset.StandardCharsets.UTF_8)).append('\n');
    }
    return out.toString();
  }
}
