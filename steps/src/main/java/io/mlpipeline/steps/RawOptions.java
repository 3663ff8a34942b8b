package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code options} of a files input, checked, with our defaults: a header, commas, UTF-8, and
 * quotes that are doubled inside quotes (RFC 4180; Spark's own default is a backslash).
 */
final class RawOptions {

  private static final Map<String, List<String>> KNOWN =
      Map.of(
          "csv",
          List.of(
              "comment",
              "date-format",
              "delimiter",
              "encoding",
              "escape",
              "header",
              "multi-line",
              "null-value",
              "quote",
              "timestamp-format"),
          "json",
          List.of("date-format", "encoding", "multi-line", "timestamp-format"),
          "parquet",
          List.of(),
          "orc",
          List.of(),
          "avro",
          List.of());

  /** What rows of a table or a database are read with: nothing. */
  static final RawOptions NONE = new RawOptions(new TreeMap<>());

  private final SortedMap<String, String> options;

  private RawOptions(SortedMap<String, String> options) {
    this.options = options;
  }

  /** Refuses a format or an option that is not known, naming it. */
  static RawOptions of(String format, SortedMap<String, String> written) {
    List<String> known = KNOWN.get(format);
    if (known == null) {
      throw invalid("format '" + format + "' is not csv, json, parquet, orc or avro");
    }
    for (String option : written.keySet()) {
      if (!known.contains(option)) {
        throw invalid(
            "option '%s' is not known for %s files%s"
                .formatted(option, format, Suggestions.didYouMean(option, known)));
      }
    }
    RawOptions options = new RawOptions(written);
    options.header();
    options.multiLine();
    options.charset();
    options.checkCharacter("quote");
    options.checkCharacter("escape");
    options.checkCharacter("comment");
    if (options.delimiter().isEmpty()) {
      throw invalid("option 'delimiter' is empty");
    }
    return options;
  }

  /** What Spark's reader is told. */
  Map<String, String> forSpark() {
    Map<String, String> spark = new TreeMap<>();
    spark.put("mode", "PERMISSIVE");
    spark.put("encoding", charset().name());
    // Lines are cut at single bytes, which in these encodings are half a character.
    spark.put("multiLine", String.valueOf(multiLine() || isWide()));
    spark.put("header", String.valueOf(header()));
    spark.put("sep", delimiter());
    spark.put("quote", text("quote", "\""));
    spark.put("escape", text("escape", "\""));
    spark.put("nullValue", text("null-value", ""));
    if (comment() != null) {
      spark.put("comment", text("comment", "#"));
    }
    return spark;
  }

  boolean header() {
    return flag("header", "true");
  }

  /** Whether a line end inside quotes is part of a value; JSON: whether files are documents. */
  boolean multiLine() {
    return flag("multi-line", "false");
  }

  /** Whether a character is more than one byte even if it is a line end. */
  boolean isWide() {
    String name = charset().name().toUpperCase(Locale.ROOT);
    return name.startsWith("UTF-16") || name.startsWith("UTF-32");
  }

  /** What a line that is none starts with; null if there are no such lines. */
  @Nullable Character comment() {
    String written = options.get("comment");
    return written == null ? null : written.charAt(0);
  }

  String delimiter() {
    String written = text("delimiter", ",");
    return written.equals("\\t") ? "\t" : written;
  }

  char quote() {
    return text("quote", "\"").charAt(0);
  }

  char escape() {
    return text("escape", "\"").charAt(0);
  }

  /** The pattern of dates; empty means ISO. */
  String dateFormat() {
    return text("date-format", "");
  }

  /** The pattern of timestamps; empty means ISO. */
  String timestampFormat() {
    return text("timestamp-format", "");
  }

  Charset charset() {
    String name = text("encoding", "UTF-8");
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "option 'encoding': this Java does not know '" + name + "'; try UTF-8 or ISO-8859-1",
          e);
    }
  }

  private void checkCharacter(String option) {
    if (text(option, "\"").length() != 1) {
      throw invalid("option '" + option + "' must be one character");
    }
  }

  private boolean flag(String option, String byDefault) {
    return switch (text(option, byDefault)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("option '" + option + "' must be true or false");
    };
  }

  private String text(String option, String byDefault) {
    return options.getOrDefault(option, byDefault);
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, "input 'raw': " + message);
  }
}
