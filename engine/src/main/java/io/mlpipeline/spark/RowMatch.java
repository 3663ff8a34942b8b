package io.mlpipeline.spark;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows that are there with rows that were expected, in any order.
 *
 * @param columns the columns of both, in order
 * @param keys those of them that tell which rows belong together; empty to go by likeness
 * @param tolerance how far numbers with a fraction may be off, absolutely or as a share
 */
public record RowMatch(List<String> columns, List<String> keys, double tolerance) {

  /** So many differences are told one by one. */
  private static final int MOST = 10;

  /** Values are cut to this length where they are shown. */
  private static final int LONGEST = 60;

  public RowMatch {
    columns = List.copyOf(columns);
    keys = keys.stream().filter(columns::contains).toList();
  }

  /** What differs, a line for each row; nothing if nothing does. */
  public List<String> differences(List<Row> expected, List<Row> actual) {
    List<Row> left = new ArrayList<>(actual);
    List<Row> missing = new ArrayList<>();
    for (Row wanted : expected) {
      if (!takeEqual(left, wanted)) {
        missing.add(wanted);
      }
    }
    List<String> lines = new ArrayList<>();
    List<Row> alone = new ArrayList<>();
    for (Row wanted : missing) {
      Row near = takeNearest(left, wanted);
      if (near == null) {
        alone.add(wanted);
      } else {
        lines.add(changed(wanted, near));
      }
    }
    alone.forEach(row -> lines.add("missing       " + shown(row)));
    left.forEach(row -> lines.add("not expected  " + shown(row)));
    return lines.size() <= MOST
        ? lines
        : IntStream.rangeClosed(0, MOST)
            .mapToObj(i -> i < MOST ? lines.get(i) : "and " + (lines.size() - MOST) + " more")
            .toList();
  }

  private boolean takeEqual(List<Row> left, Row wanted) {
    for (int i = 0; i < left.size(); i++) {
      if (differing(wanted, left.get(i)).isEmpty()) {
        left.remove(i);
        return true;
      }
    }
    return false;
  }

  /**
   * The row of the same key; without keys the one that differs least, if that is in less than half.
   */
  private @Nullable Row takeNearest(List<Row> left, Row wanted) {
    int best = -1;
    int least = keys.isEmpty() ? (columns.size() + 1) / 2 : Integer.MAX_VALUE;
    for (int i = 0; i < left.size(); i++) {
      List<Integer> differing = differing(wanted, left.get(i));
      boolean sameKey = differing.stream().noneMatch(place -> keys.contains(columns.get(place)));
      if (sameKey && differing.size() < least) {
        best = i;
        least = differing.size();
      }
    }
    return best < 0 ? null : left.remove(best);
  }

  private List<Integer> differing(Row expected, Row actual) {
    return IntStream.range(0, columns.size())
        .filter(i -> !same(expected.get(i), actual.get(i)))
        .boxed()
        .toList();
  }

  private boolean same(@Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Number a && actual instanceof Number b && isFraction(a)) {
      double x = a.doubleValue();
      double y = b.doubleValue();
      double off = Math.abs(x - y);
      return Double.compare(x, y) == 0
          || off <= tolerance
          || off <= tolerance * Math.max(Math.abs(x), Math.abs(y));
    }
    if (expected instanceof BigDecimal a && actual instanceof BigDecimal b) {
      return a.compareTo(b) == 0;
    }
    if (expected instanceof byte[] a && actual instanceof byte[] b) {
      return Arrays.equals(a, b);
    }
    return Objects.equals(expected, actual);
  }

  private static boolean isFraction(Number number) {
    return number instanceof Double || number instanceof Float;
  }

  private String changed(Row expected, Row actual) {
    String which =
        keys.isEmpty()
            ? IntStream.range(0, columns.size())
                .filter(i -> same(expected.get(i), actual.get(i)))
                .limit(3)
                .mapToObj(i -> columns.get(i) + "=" + text(expected.get(i)))
                .collect(Collectors.joining(", "))
            : keys.stream()
                .map(key -> key + "=" + text(expected.get(columns.indexOf(key))))
                .collect(Collectors.joining(", "));
    return "differs       "
        + which
        + ": "
        + differing(expected, actual).stream()
            .map(
                i ->
                    columns.get(i)
                        + " expected "
                        + text(expected.get(i))
                        + ", was "
                        + text(actual.get(i)))
            .collect(Collectors.joining("; "));
  }

  private String shown(Row row) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> columns.get(i) + "=" + text(row.get(i)))
        .collect(Collectors.joining(", "));
  }

  private static String text(@Nullable Object value) {
    String text = value instanceof String s ? '"' + s + '"' : String.valueOf(value);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
