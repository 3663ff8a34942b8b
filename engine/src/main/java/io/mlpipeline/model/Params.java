package io.mlpipeline.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A step's params as canonical values: {@code String}, {@code Boolean}, {@code BigDecimal}, {@code
 * List} and {@code SortedMap} of these. Keys are kebab-case. Absent and null are the same.
 *
 * @param values the values by key, sorted by key
 */
public record Params(SortedMap<String, Object> values) {

  /** No params. */
  public static final Params NONE = new Params(Collections.emptySortedMap());

  public Params {
    values = canonicalMap(values);
  }

  /** The value at a key; null if absent. */
  public @Nullable Object find(String key) {
    return values.get(key);
  }

  /** The same params with one value set. */
  public Params with(String key, Object value) {
    SortedMap<String, Object> copy = new TreeMap<>(values);
    copy.put(key, value);
    return new Params(copy);
  }

  /**
   * One value as text that is equal if and only if the values are: strings in JSON quotes, numbers
   * plain without trailing zeros, maps sorted by key. Shown to people too ({@code params.max-iter
   * 10 -> 20}).
   */
  public static String text(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, canonical(value));
    return out.toString();
  }

  private static SortedMap<String, Object> canonicalMap(Map<?, ?> map) {
    SortedMap<String, Object> copy = new TreeMap<>();
    map.forEach((k, v) -> copy.put((String) k, canonical(v)));
    return Collections.unmodifiableSortedMap(copy);
  }

  private static Object canonical(Object value) {
    if (value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number) {
      return plain(new BigDecimal(value.toString()));
    }
    if (value instanceof Map<?, ?> map) {
      return canonicalMap(map);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(v -> copy.add(canonical(v)));
      return Collections.unmodifiableList(copy);
    }
    throw new IllegalArgumentException("no param may hold a " + value.getClass().getName());
  }

  private static BigDecimal plain(BigDecimal number) {
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  private static void append(StringBuilder out, Object value) {
    if (value instanceof String text) {
      quote(out, text);
    } else if (value instanceof BigDecimal number) {
      out.append(number.scale() < -20 ? number.toString() : number.toPlainString());
    } else if (value instanceof List<?> list) {
      out.append('[');
      String separator = "";
      for (Object element : list) {
        out.append(separator);
        append(out, element);
        separator = ", ";
      }
      out.append(']');
    } else if (value instanceof Map<?, ?> map) {
      out.append('{');
      String separator = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        quote(out, (String) entry.getKey());
        out.append(": ");
        append(out, entry.getValue());
        separator = ", ";
      }
      out.append('}');
    } else {
      out.append(value);
    }
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c);
      }
    }
    out.append('"');
  }
}
