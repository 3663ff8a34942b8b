package io.mlpipeline.config;

import io.mlpipeline.model.Suggestions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Spark SQL's column types: checks them and spells them one way. */
final class ColumnTypes {

  private static final int DEPTH = 32;
  private static final int LARGEST_PRECISION = 38;

  private static final Map<String, String> SIMPLE =
      Map.ofEntries(
          Map.entry("tinyint", "tinyint"),
          Map.entry("byte", "tinyint"),
          Map.entry("smallint", "smallint"),
          Map.entry("short", "smallint"),
          Map.entry("int", "int"),
          Map.entry("integer", "int"),
          Map.entry("bigint", "bigint"),
          Map.entry("long", "bigint"),
          Map.entry("float", "float"),
          Map.entry("real", "float"),
          Map.entry("double", "double"),
          Map.entry("string", "string"),
          Map.entry("boolean", "boolean"),
          Map.entry("date", "date"),
          Map.entry("timestamp", "timestamp"),
          Map.entry("timestamp_ntz", "timestamp_ntz"),
          Map.entry("binary", "binary"));

  private final String text;
  private int at;

  private ColumnTypes(String text) {
    this.text = text;
  }

  /** A type in its one spelling, or what is wrong with it. */
  record Parsed(@Nullable String type, String error, @Nullable String suggestion) {}

  static Parsed parse(String written) {
    ColumnTypes parser = new ColumnTypes(written);
    try {
      String type = parser.type(0);
      parser.skipSpaces();
      parser.expect(parser.at == written.length(), "unexpected text behind the type");
      return new Parsed(type, "", null);
    } catch (Wrong wrong) {
      return new Parsed(null, wrong.error, wrong.suggestion);
    }
  }

  /** Whether a table may be partitioned by a column of this type. */
  static boolean canPartition(String type) {
    return switch (type) {
      case "tinyint", "smallint", "int", "bigint", "string", "boolean", "date" -> true;
      default -> type.startsWith("decimal(");
    };
  }

  private String type(int depth) {
    expect(depth <= DEPTH, "the type is nested more than " + DEPTH + " deep");
    String name = word().toLowerCase(Locale.ROOT);
    String simple = SIMPLE.get(name);
    if (simple != null) {
      return simple;
    }
    return switch (name) {
      case "decimal", "dec", "numeric" -> decimal();
      case "array" -> array(depth);
      case "map" -> map(depth);
      case "struct" -> struct(depth);
      case "varchar", "char", "text" -> throw new Wrong("there is no type " + name, "use string");
      case "datetime" -> throw new Wrong("there is no type " + name, "use timestamp");
      default -> throw unknown(name);
    };
  }

  private static Wrong unknown(String name) {
    Set<String> names = new TreeSet<>(SIMPLE.keySet());
    names.addAll(List.of("decimal", "array", "map", "struct"));
    if (name.isEmpty()) {
      return new Wrong("a type is missing", "one of " + String.join(", ", names));
    }
    return new Wrong(
        "there is no type '" + Keys.clean(name) + "'", Suggestions.didYouMean(name, names));
  }

  private String decimal() {
    if (!accept('(')) {
      return "decimal(10,0)";
    }
    int precision = number();
    int scale = accept(',') ? number() : 0;
    close(')');
    expect(
        precision >= 1 && precision <= LARGEST_PRECISION && scale <= precision,
        "decimal(p,s) needs 1 <= p <= 38 and 0 <= s <= p");
    return "decimal(" + precision + "," + scale + ")";
  }

  private String array(int depth) {
    close('<');
    String element = type(depth + 1);
    close('>');
    return "array<" + element + ">";
  }

  private String map(int depth) {
    close('<');
    String key = type(depth + 1);
    close(',');
    String value = type(depth + 1);
    close('>');
    expect(!key.startsWith("map<"), "a map cannot be the key of a map");
    return "map<" + key + "," + value + ">";
  }

  private String struct(int depth) {
    close('<');
    List<String> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    do {
      String name = word();
      expect(!name.isEmpty(), "a field of a struct is written name: type");
      expect(names.add(name.toLowerCase(Locale.ROOT)), "the struct has two fields named " + name);
      close(':');
      fields.add(name + ":" + type(depth + 1));
    } while (accept(','));
    close('>');
    return "struct<" + String.join(",", fields) + ">";
  }

  private String word() {
    skipSpaces();
    int start = at;
    while (at < text.length() && Chars.isWordPart(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private int number() {
    String digits = word();
    boolean isNumber = !digits.isEmpty() && digits.length() <= 3;
    for (int i = 0; i < digits.length(); i++) {
      isNumber &= Chars.isDigit(digits.charAt(i));
    }
    expect(isNumber, "a number is missing in decimal(p,s)");
    return Integer.parseInt(digits);
  }

  private boolean accept(char c) {
    skipSpaces();
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void close(char c) {
    expect(accept(c), "'" + c + "' is missing");
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private void expect(boolean holds, String error) {
    if (!holds) {
      throw new Wrong(error, null);
    }
  }

  /** Ends the parse. */
  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String error;
    private final transient @Nullable String suggestion;

    Wrong(String error, @Nullable String suggestion) {
      super(null, null, false, false);
      this.error = error;
      this.suggestion = suggestion;
    }
  }
}
