package io.mlpipeline.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * That housekeeping removed files which only old versions of a table named. Recorded before it is
 * done, and never changed.
 *
 * @param table the table, relative to the warehouse
 * @param versions those that cannot be read since
 * @param by who
 * @param at when
 * @param files how many files
 * @param bytes their size
 */
public record TableRemoval(
    String table, SortedSet<Long> versions, String by, Instant at, int files, long bytes) {

  public TableRemoval {
    versions = Collections.unmodifiableSortedSet(new TreeSet<>(versions));
  }

  /** What removed the files of a version, the last one of several; empty if none did. */
  public static Optional<TableRemoval> find(List<TableRemoval> removals, long version) {
    return removals.stream()
        .filter(one -> one.versions().contains(version))
        .reduce((first, last) -> last);
  }

  /** Who did it and when, for messages. */
  public String told() {
    return "removed by gc (" + by + ", " + at.toString().substring(0, "2024-01-01".length()) + ")";
  }

  /** Versions as people write them: {@code v0-v3, v5}. */
  public static String ranges(SortedSet<Long> versions) {
    StringBuilder text = new StringBuilder();
    long first = -1;
    long last = -2;
    for (long version : versions) {
      if (version != last + 1) {
        close(text, first, last);
        text.append(text.isEmpty() ? "v" : ", v").append(version);
        first = version;
      }
      last = version;
    }
    close(text, first, last);
    return text.toString();
  }

  private static void close(StringBuilder text, long first, long last) {
    if (last > first && first >= 0) {
      text.append("-v").append(last);
    }
  }
}
