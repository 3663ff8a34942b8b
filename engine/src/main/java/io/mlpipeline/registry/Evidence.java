package io.mlpipeline.registry;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one model content on one holdout, beside the champion of that time on the
 * very same rows.
 *
 * @param digest the candidate's digest, {@code m1:...}
 * @param champion the champion's digest; null if there was none to be measured beside
 * @param holdout the content identity of the rows
 * @param measured every measured value
 */
public record Evidence(
    String digest, @Nullable String champion, String holdout, List<Measured> measured) {

  /** The slice that all rows are in. */
  public static final String ALL = "all";

  /** The slice that holds how long scoring takes. */
  public static final String LATENCY = "latency";

  public Evidence {
    measured = List.copyOf(measured);
  }

  /** Whose value it is. */
  public enum Subject {
    CANDIDATE,
    CHAMPION
  }

  /**
   * One value.
   *
   * @param subject of which of the two
   * @param slice {@value #ALL}, {@value #LATENCY}, or such as {@code plan=basic}
   * @param metric the metric's name, a SQL identifier
   * @param value the value; finite
   * @param rows on how many rows it stands
   * @param small whether the slice has too few rows to be judged by
   */
  public record Measured(
      Subject subject, String slice, String metric, double value, long rows, boolean small) {}

  /** The metrics of one subject on one slice, by name. */
  public SortedMap<String, Double> metrics(Subject subject, String slice) {
    SortedMap<String, Double> found = new TreeMap<>();
    for (Measured one : measured) {
      if (one.subject() == subject && one.slice().equals(slice)) {
        found.put(one.metric(), one.value());
      }
    }
    return found;
  }

  /** The same as if there had been no champion. */
  public Evidence withoutChampion() {
    return new Evidence(
        digest,
        null,
        holdout,
        measured.stream().filter(one -> one.subject() == Subject.CANDIDATE).toList());
  }

  /** The candidate's slices that have too few rows to be judged by, sorted. */
  public List<String> smallSlices() {
    return measured.stream()
        .filter(one -> one.subject() == Subject.CANDIDATE && one.small())
        .map(Measured::slice)
        .filter(slice -> !slice.equals(ALL) && !slice.equals(LATENCY))
        .distinct()
        .sorted()
        .toList();
  }

  /** The candidate's slices, sorted, apart from the two that are no slices of the data. */
  public List<String> slices() {
    TreeSet<String> slices = new TreeSet<>();
    for (Measured one : measured) {
      if (one.subject() == Subject.CANDIDATE) {
        slices.add(one.slice());
      }
    }
    slices.remove(ALL);
    slices.remove(LATENCY);
    return List.copyOf(slices);
  }
}
