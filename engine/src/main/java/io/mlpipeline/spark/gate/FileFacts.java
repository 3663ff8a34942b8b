package io.mlpipeline.spark.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of one file as Delta writes them, for top-level columns.
 *
 * @param rows rows; -1 if it does not say
 * @param tight whether bounds and counts are of exactly the rows that the file shows
 * @param nulls null count by column
 * @param least the smallest value by column, as text
 * @param most the largest value by column, as text
 */
record FileFacts(
    long rows,
    boolean tight,
    Map<String, Long> nulls,
    Map<String, String> least,
    Map<String, String> most) {

  private static final JsonFactory JSON = new JsonFactory();

  /** What a file without usable statistics says. */
  private static final FileFacts NOTHING = new FileFacts(-1, false, Map.of(), Map.of(), Map.of());

  static FileFacts read(@Nullable String stats) {
    if (stats == null) {
      return NOTHING;
    }
    try (JsonParser parser = JSON.createParser(stats)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? read(parser) : NOTHING;
    } catch (IOException | NumberFormatException e) {
      return NOTHING; // then the rows are read, which is always right
    }
  }

  private static FileFacts read(JsonParser parser) throws IOException {
    long rows = -1;
    boolean tight = true;
    Map<String, String> nulls = Map.of();
    Map<String, String> least = Map.of();
    Map<String, String> most = Map.of();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "numRecords" -> rows = Long.parseLong(parser.getText());
        case "tightBounds" -> tight = parser.currentToken() != JsonToken.VALUE_FALSE;
        case "nullCount" -> nulls = scalars(parser);
        case "minValues" -> least = scalars(parser);
        case "maxValues" -> most = scalars(parser);
        default -> parser.skipChildren();
      }
    }
    Map<String, Long> counts = new HashMap<>();
    nulls.forEach((column, count) -> counts.put(column, Long.valueOf(count)));
    return new FileFacts(rows, tight, counts, least, most);
  }

  /** The values of an object as texts; what is nested belongs to columns that nobody asks for. */
  private static Map<String, String> scalars(JsonParser parser) throws IOException {
    Map<String, String> values = new HashMap<>();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return values;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        values.put(name, parser.getText());
      }
      parser.skipChildren();
    }
    return values;
  }
}
