package io.mlpipeline.model;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * "Did you mean": the nearest known name, if it is near enough. Upper and lower case are the same;
 * distances are those of Damerau and Levenshtein, with swaps of neighbours.
 */
public final class Suggestions {

  private static final int LONGEST = 200;

  private Suggestions() {}

  /** The sentence that names the nearest known name; null if none is near. */
  public static @Nullable String didYouMean(String written, Iterable<String> known) {
    String nearest = nearest(written, known);
    return nearest == null ? null : "did you mean '" + nearest + "'?";
  }

  /** The nearest known name; the first of equals; null if none is near. */
  public static @Nullable String nearest(String written, Iterable<String> known) {
    if (written.length() > LONGEST) {
      return null;
    }
    String plain = written.toLowerCase(Locale.ROOT);
    String best = null;
    int limit = limit(written.length());
    for (String candidate : known) {
      int distance = distance(plain, candidate.toLowerCase(Locale.ROOT), limit);
      if (distance <= limit && !candidate.equals(written)) {
        best = candidate;
        limit = distance - 1;
      }
    }
    return best;
  }

  private static int limit(int length) {
    if (length <= 2) {
      return 1;
    }
    return length <= 7 ? 2 : 3;
  }

  /**
   * Edits (insert, delete, replace, swap of neighbours) from one to the other; anything above the
   * limit if there are more.
   */
  static int distance(String a, String b, int limit) {
    int above = limit + 1;
    if (Math.abs(a.length() - b.length()) > limit) {
      return above;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    Arrays.setAll(last, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int cost = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        row[j] = isSwap(a, b, i, j) ? Math.min(cost, beforeLast[j - 2] + 1) : cost;
        least = Math.min(least, row[j]);
      }
      if (least > limit) {
        return above;
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }

  private static boolean isSwap(String a, String b, int i, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
