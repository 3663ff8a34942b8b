package io.mlpipeline.model;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a partition was made under, as text: {@code =<hash> raw=<hash>}. The base stands for code,
 * params, whole inputs, settings and versions; each other part for the partitions of one input.
 * Equal keys give equal rows; where they differ, the parts say what changed.
 */
public final class PartitionKey {

  /** The name of the part that stands for everything but partitions of inputs; no port has it. */
  public static final String BASE = "=";

  private PartitionKey() {}

  /**
   * The key of a partition.
   *
   * @param base what does not depend on the partition
   * @param inputs by port, what it is made of: content by partition
   */
  public static String of(String base, SortedMap<String, SortedMap<String, String>> inputs) {
    StringBuilder key = new StringBuilder(BASE).append(base);
    inputs.forEach(
        (port, parts) -> {
          Canonical hash = new Canonical().count(parts.size());
          parts.forEach((name, content) -> hash.text(name).text(content));
          key.append(' ').append(port).append('=').append(hash.shortHex());
        });
    return key.toString();
  }

  /** The parts of a key by name. */
  public static Map<String, String> parts(String key) {
    Map<String, String> parts = new TreeMap<>();
    for (String part : key.split(" ", -1)) {
      boolean isBase = part.startsWith(BASE);
      int at = isBase ? 0 : part.indexOf('=');
      if (at >= 0) {
        parts.put(isBase ? BASE : part.substring(0, at), part.substring(at + 1));
      }
    }
    return parts;
  }
}
