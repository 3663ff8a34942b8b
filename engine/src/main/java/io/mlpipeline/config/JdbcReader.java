package io.mlpipeline.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what an input says of a database: what to ask it, as whom, and in how many parts. */
final class JdbcReader {

  private static final List<String> TEXTS =
      List.of("table", "query", "user", "password-env", "driver", "partition-column");
  private static final List<String> NUMBERS = List.of("partitions", "fetch-size");
  private static final List<String> BOUNDS = List.of("lower", "upper");
  private static final long MOST = 100_000;

  private final Problems problems;
  private final Values values;
  private final Map<String, @Nullable Node> nodes = new LinkedHashMap<>();

  JdbcReader(Problems problems, Fields fields) {
    this.problems = problems;
    this.values = new Values(problems);
    for (List<String> keys : List.of(TEXTS, NUMBERS, BOUNDS)) {
      keys.forEach(key -> nodes.put(key, fields.find(key)));
    }
  }

  /** The URL; null if it is none or holds a secret, which is then reported. */
  static @Nullable String url(@Nullable String written, Node node, Problems problems) {
    if (written == null) {
      return null;
    }
    if (!written.startsWith("jdbc:")) {
      problems.add(
          node.at(),
          "'" + node.path() + "' is no JDBC URL",
          "write it as jdbc:postgresql://host:5432/database");
      return null;
    }
    String authority = written.replaceFirst("^[^/]*//", "").replaceFirst("/.*$", "");
    boolean holdsUser = written.contains("//") && authority.contains("@");
    if (holdsUser || written.toLowerCase(Locale.ROOT).matches(".*(password|pwd|secret)\\s*=.*")) {
      problems.add(
          node.at(),
          "'" + node.path() + "' holds a password",
          "write user: NAME and password-env: VARIABLE instead");
      return null;
    }
    return written;
  }

  /** Everything but the URL, checked. */
  SortedMap<String, String> options(Node input) {
    SortedMap<String, String> options = new TreeMap<>();
    TEXTS.forEach(key -> put(options, key, values.word(nodes.get(key))));
    BOUNDS.forEach(key -> put(options, key, values.word(nodes.get(key))));
    for (String key : NUMBERS) {
      Node node = nodes.get(key);
      Object number = node == null ? null : values.whole(node, 1, MOST);
      put(options, key, number == null ? null : number.toString());
    }
    boolean table = nodes.get("table") != null;
    if (table == (nodes.get("query") != null)) {
      problems.add(
          input.at(),
          "'" + input.path() + "' needs either 'table' or 'query'",
          "for example table: \"public.orders\"");
    }
    checkParts(input);
    return options;
  }

  /** Bounds that are not written would have to be guessed, and another day be others. */
  private void checkParts(Node input) {
    List<String> parts = List.of("partition-column", "lower", "upper", "partitions");
    List<String> missing = parts.stream().filter(key -> nodes.get(key) == null).toList();
    if (!missing.isEmpty() && missing.size() < parts.size()) {
      problems.add(
          input.at(),
          "'" + input.path() + "' is read in parts and has no " + String.join(", ", missing),
          "write all of " + String.join(", ", parts) + ", or none");
    }
  }

  private static void put(SortedMap<String, String> options, String key, @Nullable String value) {
    if (value != null) {
      options.put(key, value);
    }
  }
}
