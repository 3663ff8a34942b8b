package io.mlpipeline.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of a long sweep a build does: a slice in every one, all of it with the property {@code
 * faults=all}, which {@code ./mvnw verify -Pfaults} sets.
 */
public final class Sweep {

  private Sweep() {}

  /** Whether nothing is left out. */
  public static boolean isWhole() {
    return System.getProperty("faults", "slice").equals("all");
  }

  /** As many of them, evenly spread and the last among them; all of them in a whole sweep. */
  public static <T> List<T> of(List<T> all, int count) {
    if (isWhole() || count >= all.size()) {
      return all;
    }
    List<T> slice = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      slice.add(all.get((int) ((long) i * all.size() / count) - 1));
    }
    return slice;
  }
}
