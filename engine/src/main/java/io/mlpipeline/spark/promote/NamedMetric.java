package io.mlpipeline.spark.promote;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A metric as a rule names it.
 *
 * @param root whose
 * @param metric its name, in small letters
 */
record NamedMetric(Root root, String metric) implements Comparable<NamedMetric> {

  /** What a rule sees, by the names that it has there. */
  enum Root {
    CANDIDATE,
    CHAMPION,
    LATENCY,
    SLICES;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Root> find(String written) {
      return Arrays.stream(values())
          .filter(root -> root.name().equalsIgnoreCase(written))
          .findFirst();
    }

    static List<String> words() {
      return Arrays.stream(values()).map(Root::word).toList();
    }
  }

  static NamedMetric of(Root root, String written) {
    return new NamedMetric(root, written.toLowerCase(Locale.ROOT));
  }

  @Override
  public int compareTo(NamedMetric other) {
    int byRoot = root.compareTo(other.root);
    return byRoot != 0 ? byRoot : metric.compareTo(other.metric);
  }

  @Override
  public String toString() {
    return root.word() + "." + metric;
  }
}
