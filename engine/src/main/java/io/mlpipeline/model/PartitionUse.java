package io.mlpipeline.model;

import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which partitions of an input a partition of a step's output is made of.
 *
 * @param kind the same one, some days up to it, or all
 * @param days for {@code window} the number of days, at least 1, the partition's own included; else
 *     0
 */
public record PartitionUse(Kind kind, int days) {

  /** The sorts of dependence. */
  public enum Kind {
    EACH,
    WINDOW,
    ALL
  }

  /** The partition of the same name. */
  public static final PartitionUse EACH = new PartitionUse(Kind.EACH, 0);

  /** Everything: a change anywhere concerns every partition. */
  public static final PartitionUse ALL = new PartitionUse(Kind.ALL, 0);

  private static final Pattern WINDOW = Pattern.compile("window\\(\\s*([1-9][0-9]{0,4})d\\s*\\)");

  public PartitionUse {
    if (kind == Kind.WINDOW ? days < 1 : days != 0) {
      throw new IllegalArgumentException("a window of " + days + " days");
    }
  }

  /** The last so many days, the partition's own included. */
  public static PartitionUse window(int days) {
    return new PartitionUse(Kind.WINDOW, days);
  }

  /** What {@code each}, {@code window(7d)} or {@code all} means; empty for anything else. */
  public static Optional<PartitionUse> find(String text) {
    Matcher window = WINDOW.matcher(text.strip());
    if (window.matches()) {
      return Optional.of(window(Integer.parseInt(window.group(1))));
    }
    return switch (text.strip()) {
      case "each" -> Optional.of(EACH);
      case "all" -> Optional.of(ALL);
      default -> Optional.empty();
    };
  }

  /** Whether it says more than that everything is read. */
  public boolean isPartial() {
    return kind != Kind.ALL;
  }

  /**
   * Those of the partitions that are there of which one partition is made, in order.
   *
   * @throws IllegalArgumentException if a window is asked of a partition that is no day
   */
  public SortedSet<String> of(String partition, SortedSet<String> there) {
    return switch (kind) {
      case ALL -> there;
      case EACH -> only(partition, there);
      case WINDOW -> {
        LocalDate last =
            PartitionNames.day(partition)
                .orElseThrow(() -> new IllegalArgumentException(partition + " is no day"));
        SortedSet<String> found = new TreeSet<>();
        for (int back = days - 1; back >= 0; back--) {
          found.addAll(only(PartitionNames.atDay(partition, last.minusDays(back)), there));
        }
        yield found;
      }
    };
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
      case ALL -> "all";
      case WINDOW -> "window(" + days + "d)";
    };
  }
}
