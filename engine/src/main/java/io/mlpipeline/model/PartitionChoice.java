package io.mlpipeline.model;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of the partitions that are due a run is to make; what is left out stays as it is published
 * and is due the next time.
 *
 * @param from the first day or hour, null for no bound
 * @param to the last day or hour, null for no bound
 * @param newest at most so many, the newest; 0 for no bound
 * @param steps which steps are run at all
 */
public record PartitionChoice(
    @Nullable PartitionTime from, @Nullable PartitionTime to, int newest, Steps steps) {

  /** Which steps are run. */
  public enum Steps {
    /** Whatever is selected. */
    ALL,
    /** Of those, the steps whose output is made by partition; others are taken as published. */
    BY_PARTITION
  }

  /** Whatever is due. */
  public static final PartitionChoice ALL = new PartitionChoice(null, null, 0, Steps.ALL);

  public PartitionChoice {
    if (from != null && to != null && !to.end().isAfter(from.start())) {
      throw new IllegalArgumentException(
          "the range " + from + " to " + to + " ends before it begins");
    }
    if (newest < 0) {
      throw new IllegalArgumentException("a limit of " + newest + " partitions");
    }
  }

  /** The newest so many of what is due. */
  public static PartitionChoice newest(int count) {
    return new PartitionChoice(null, null, count, Steps.ALL);
  }

  /** Whether anything may be left out. */
  public boolean isLimited() {
    return from != null || to != null || newest > 0;
  }

  /**
   * Whether some of it lies between the bounds: an hour of a day within, or a day of which an hour
   * is. What is no time lies there only where there are no bounds.
   */
  public boolean isWithin(String partition) {
    if (from == null && to == null) {
      return true;
    }
    return PartitionNames.time(partition).map(this::isWithin).orElse(false);
  }

  /** Whether some of it lies between the bounds. */
  public boolean isWithin(PartitionTime time) {
    return (from == null || time.end().isAfter(from.start()))
        && (to == null || time.start().isBefore(to.end()));
  }

  /** Those that are chosen of what is due. */
  public NavigableSet<String> of(SortedSet<String> due) {
    NavigableSet<String> chosen = new TreeSet<>();
    due.stream()
        .filter(this::isWithin)
        .sorted(Comparator.reverseOrder())
        .limit(newest > 0 ? newest : Long.MAX_VALUE)
        .forEach(chosen::add);
    return chosen;
  }
}
