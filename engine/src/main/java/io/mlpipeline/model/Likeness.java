package io.mlpipeline.model;

import java.util.List;

/**
 * How something that was made again compares with what was recorded.
 *
 * @param name the dataset's or model's name
 * @param degree how alike
 * @param differences what differs, in words; empty if nothing does
 */
public record Likeness(String name, Degree degree, List<String> differences) {

  /** How alike two contents are, the best first. */
  public enum Degree {
    /** The same digest. */
    SAME,
    /** Only fractional numbers differ, and no more than sums in another order do. */
    WITHIN_TOLERANCE,
    /** Anything else. */
    OTHER
  }

  public Likeness {
    differences = List.copyOf(differences);
  }

  /** The same content. */
  public static Likeness same(String name) {
    return new Likeness(name, Degree.SAME, List.of());
  }
}
