package io.mlpipeline.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of a long sweep a build does: a slice in every one; all of it with the property {@code
 * faults=all}, which {@code ./mvnw verify -Pfaults} sets; so much of each with a number.
 */
public final class Sweep {

  private static final String EXTENT = System.getProperty("faults", "slice");

  private Sweep() {}

  /** Whether nothing is left out. */
  public static boolean isWhole() {
    return EXTENT.equals("all");
  }

  /**
   * As many of them, evenly spread; all of them in a whole sweep.
   *
   * @param offset lets slices of the same things differ
   */
  public static <T> List<T> of(List<T> all, int slice, int offset) {
    return isWhole() ? all : sample(all, slice, offset);
  }

  /** The same of what is too long for a whole sweep. */
  public static <T> List<T> sample(List<T> all, int slice, int offset) {
    int count = EXTENT.matches("\\d+") ? Integer.parseInt(EXTENT) : slice;
    if (count >= all.size()) {
      return all;
    }
    List<T> some = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      long last = (long) i * all.size() / count - 1;
      some.add(all.get((int) Math.floorMod(last - offset, (long) all.size())));
    }
    return some;
  }
}
