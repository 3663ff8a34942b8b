package io.mlpipeline.steps.evaluate;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many of the rows that a model scores highest are looked at: a number of rows, or a share of
 * all of them. How many positives are among them says what a list of that length is worth.
 *
 * <p>Rows of equal scores at the end of the list share its last places, so that every one counts by
 * the chance to be on it (McSherry and Najork 2008) and no order of rows changes a digit.
 *
 * @param name as a part of metrics' names: {@code 100}, {@code 5pct}, {@code 0_5pct}
 * @param rows how many rows; 0 for a share
 * @param share the share of all rows, above 0 and at most 1; 0 for a number
 */
public record TopRows(String name, long rows, double share) {

  private static final Pattern ROWS = Pattern.compile("0*([1-9][0-9]{0,8})");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?) *%");

  /** What {@code 100}, {@code 5%} and {@code 0.5%} mean; empty for everything else. */
  public static Optional<TopRows> find(String text) {
    Matcher number = ROWS.matcher(text.strip());
    if (number.matches()) {
      return Optional.of(new TopRows(number.group(1), Long.parseLong(number.group(1)), 0));
    }
    Matcher percent = PERCENT.matcher(text.strip());
    double share = percent.matches() ? Double.parseDouble(percent.group(1)) / 100 : 0;
    return share > 0 && share <= 1
        ? Optional.of(new TopRows(percent.group(1).replace('.', '_') + "pct", 0, share))
        : Optional.empty();
  }

  /** How long the list is; a share is rounded up to a whole row. */
  private long length(long all) {
    return rows > 0 ? rows : (long) Math.ceil(share * all - 1e-9);
  }

  /**
   * Adds {@code precision_at_}, {@code recall_at_} and {@code lift_at_}; nothing where there are
   * fewer rows than the list is long.
   *
   * @param keys of {@link BinaryMetrics#key}, in ascending order
   * @param positives how many of them are
   */
  void addTo(Tally tally, long[] keys, long positives) {
    long length = length(keys.length);
    if (length == 0 || length > keys.length) {
      return;
    }
    double found = found(keys, length);
    tally.put("precision_at_" + name, found, (double) length);
    tally.put("recall_at_" + name, found, (double) positives);
    double expected = (double) positives / keys.length * length;
    tally.put("lift_at_" + name, found, expected);
  }

  private static double found(long[] keys, long length) {
    long seen = 0;
    long found = 0;
    int end = keys.length;
    while (seen < length) {
      long score = keys[end - 1] >>> 1;
      int start = end;
      long positive = 0;
      while (start > 0 && keys[start - 1] >>> 1 == score) {
        start--;
        positive += keys[start] & 1;
      }
      long equal = (long) end - start;
      if (seen + equal > length) {
        return found + (double) positive * (length - seen) / equal;
      }
      seen += equal;
      found += positive;
      end = start;
    }
    return found;
  }
}
