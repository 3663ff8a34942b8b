package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names of partitions: {@code day=2024-06-01}, or {@code country=DE/day=2024-06-01} with columns in
 * the order of the alphabet. Equal values give equal names, whatever the table.
 */
public final class PartitionNames {

  private PartitionNames() {}

  /** The name of the partition with these values; the empty text stands for null. */
  public static String of(SortedMap<String, String> values) {
    List<String> parts = new ArrayList<>(values.size());
    values.forEach((column, value) -> parts.add(escaped(column) + "=" + escaped(value)));
    return String.join("/", parts);
  }

  /** The values that a name says. */
  public static SortedMap<String, String> values(String name) {
    SortedMap<String, String> values = new TreeMap<>();
    for (String part : name.split("/", -1)) {
      int at = part.indexOf('=');
      if (at < 0) {
        throw new IllegalArgumentException("no name of a partition: " + name);
      }
      values.put(unescaped(part.substring(0, at)), unescaped(part.substring(at + 1)));
    }
    return values;
  }

  /** The day or hour that a partition is; empty if it has several columns or is neither. */
  public static Optional<PartitionTime> time(String name) {
    int at = name.indexOf('=');
    return at < 0 || name.indexOf('/') >= 0
        ? Optional.empty()
        : PartitionTime.find(name.substring(at + 1));
  }

  /** The partition of one column that is a time. */
  static String of(String column, PartitionTime time) {
    return escaped(column) + "=" + time;
  }

  /** The partition at another time, of the same column as one that is a time. */
  static String at(String name, PartitionTime time) {
    return name.substring(0, name.indexOf('=') + 1) + time;
  }

  /** A name for people: the value alone where there is one column. */
  public static String shown(String name) {
    int at = name.indexOf('=');
    boolean isOne = at >= 0 && name.indexOf('/') < 0;
    String text = isOne ? unescaped(name.substring(at + 1)) : name;
    return text.isEmpty() ? "null" : text;
  }

  private static String escaped(String text) {
    return text.replace("%", "%25").replace("/", "%2F").replace("=", "%3D").replace(" ", "%20");
  }

  private static String unescaped(String text) {
    return text.replace("%20", " ").replace("%3D", "=").replace("%2F", "/").replace("%25", "%");
  }

  /** A name of these values in any order. */
  public static String of(Map<String, String> values) {
    return of((SortedMap<String, String>) new TreeMap<>(values));
  }
}
