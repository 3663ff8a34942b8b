package io.mlpipeline.model;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which partitions of an input a partition of a step's output is made of.
 *
 * @param kind the same one, some days or hours up to it, the hours of it, or all
 * @param count for {@code window} the number of days or hours, at least 1, the partition's own
 *     included; else 0
 * @param unit what a window counts; for other kinds days
 */
public record PartitionUse(Kind kind, int count, PartitionTime.Unit unit) {

  /** The sorts of dependence. */
  public enum Kind {
    EACH,
    WINDOW,
    HOURS,
    ALL
  }

  /** The partition of the same name. */
  public static final PartitionUse EACH = new PartitionUse(Kind.EACH, 0, PartitionTime.Unit.DAY);

  /** A day is made of its hours. */
  public static final PartitionUse HOURS = new PartitionUse(Kind.HOURS, 0, PartitionTime.Unit.DAY);

  /** Everything: a change anywhere concerns every partition. */
  public static final PartitionUse ALL = new PartitionUse(Kind.ALL, 0, PartitionTime.Unit.DAY);

  /** What may be written. */
  public static final String FORMS =
      "one of each, all, hours (the hours of a day), or a number of days or hours such as"
          + " window(7d) or window(24h), from 1 to 99999";

  private static final Pattern WINDOW =
      Pattern.compile("window\\(\\s*([1-9][0-9]{0,4})([dh])\\s*\\)");

  public PartitionUse {
    if (kind == Kind.WINDOW ? count < 1 : count != 0) {
      throw new IllegalArgumentException("a window of " + count + " " + unit.word() + "s");
    }
  }

  /** The last so many days or hours, the partition's own included. */
  public static PartitionUse window(int count, PartitionTime.Unit unit) {
    return new PartitionUse(Kind.WINDOW, count, unit);
  }

  /** What {@code each}, {@code window(7d)}, {@code hours} or {@code all} means. */
  public static Optional<PartitionUse> find(String text) {
    Matcher window = WINDOW.matcher(text.strip());
    if (window.matches()) {
      return Optional.of(
          window(
              Integer.parseInt(window.group(1)), PartitionTime.Unit.of(window.group(2).charAt(0))));
    }
    return switch (text.strip()) {
      case "each" -> Optional.of(EACH);
      case "hours" -> Optional.of(HOURS);
      case "all" -> Optional.of(ALL);
      default -> Optional.empty();
    };
  }

  /** Whether it says more than that everything is read. */
  public boolean isPartial() {
    return kind != Kind.ALL;
  }

  /** Whether a partition of such an input makes the one that holds it due. */
  public boolean isGuiding() {
    return kind == Kind.EACH || kind == Kind.HOURS;
  }

  /**
   * The partition of the output, of this column, that follows from one of an input which is {@link
   * #isGuiding guiding}.
   *
   * @throws IllegalArgumentException if the hours of a day are meant and it is no hour
   */
  public String follows(String partition, String column) {
    return kind == Kind.HOURS
        ? PartitionNames.of(column, PartitionTime.of(time(partition).day()))
        : partition;
  }

  /**
   * Those of the partitions that are there of which one partition is made, in order.
   *
   * @throws IllegalArgumentException if a window is asked of a partition that is none of its units,
   *     or hours of one that is no day
   */
  public SortedSet<String> of(String partition, SortedSet<String> there) {
    return switch (kind) {
      case ALL -> there;
      case EACH -> only(partition, there);
      case WINDOW -> {
        PartitionTime last = time(partition);
        if (last.unit() != unit) {
          throw new IllegalArgumentException(partition + " is no " + unit.word());
        }
        SortedSet<String> found = new TreeSet<>();
        for (int back = count - 1; back >= 0; back--) {
          found.addAll(only(PartitionNames.at(partition, last.minus(back)), there));
        }
        yield found;
      }
      case HOURS -> hours(time(partition), there);
    };
  }

  private static SortedSet<String> hours(PartitionTime day, SortedSet<String> there) {
    SortedSet<String> found = new TreeSet<>();
    if (!there.isEmpty()) {
      String any = there.first();
      found.addAll(
          there.subSet(PartitionNames.at(any, day) + "T", PartitionNames.at(any, day) + "U"));
    }
    return found;
  }

  private static PartitionTime time(String partition) {
    return PartitionNames.time(partition)
        .orElseThrow(() -> new IllegalArgumentException(partition + " is no day and no hour"));
  }

  private static SortedSet<String> only(String partition, SortedSet<String> there) {
    SortedSet<String> found = new TreeSet<>();
    if (there.contains(partition)) {
      found.add(partition);
    }
    return found;
  }

  /** As it is written. */
  @Override
  public String toString() {
    return switch (kind) {
      case EACH -> "each";
      case HOURS -> "hours";
      case ALL -> "all";
      case WINDOW -> "window(" + count + unit.sign() + ")";
    };
  }
}
