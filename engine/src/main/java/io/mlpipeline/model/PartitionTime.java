package io.mlpipeline.model;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A day or an hour that a partition is: {@code 2024-06-01} or {@code 2024-06-01T13}. No zone is
 * known; every day has 24 hours.
 *
 * @param unit how long it is
 * @param start its first moment
 */
public record PartitionTime(Unit unit, LocalDateTime start) implements Comparable<PartitionTime> {

  /** How long the partitions of a dataset are. */
  public enum Unit {
    DAY('d', "day", ChronoUnit.DAYS),
    HOUR('h', "hour", ChronoUnit.HOURS);

    private final char sign;
    private final String word;
    private final ChronoUnit unit;

    Unit(char sign, String word, ChronoUnit unit) {
      this.sign = sign;
      this.word = word;
      this.unit = unit;
    }

    /** Its letter in a window. */
    public char sign() {
      return sign;
    }

    /** Its name. */
    public String word() {
      return word;
    }

    static Unit of(char sign) {
      return sign == HOUR.sign ? HOUR : DAY;
    }
  }

  /** How people are to write one. */
  public static final String FORM = "write it like 2024-06-01, or for an hour 2024-06-01T13";

  private static final Comparator<PartitionTime> ORDER =
      Comparator.comparing(PartitionTime::start).thenComparing(PartitionTime::unit);
  private static final Pattern HOURS = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d");

  public PartitionTime {
    if (!start.truncatedTo(unit.unit).equals(start)) {
      throw new IllegalArgumentException(start + " begins no " + unit.word);
    }
  }

  /** A whole day. */
  public static PartitionTime of(LocalDate day) {
    return new PartitionTime(Unit.DAY, day.atStartOfDay());
  }

  /** What a text says that is written as a value of a partition; empty if it is neither. */
  public static Optional<PartitionTime> find(String text) {
    try {
      return Optional.of(
          HOURS.matcher(text).matches()
              ? new PartitionTime(Unit.HOUR, LocalDateTime.parse(text + ":00"))
              : of(LocalDate.parse(text)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The one so many of its units before it. */
  public PartitionTime minus(int count) {
    return new PartitionTime(unit, start.minus(count, unit.unit));
  }

  /** The first moment after it. */
  public LocalDateTime end() {
    return start.plus(1, unit.unit);
  }

  /** The day that it is or lies in. */
  public LocalDate day() {
    return start.toLocalDate();
  }

  @Override
  public int compareTo(PartitionTime other) {
    return ORDER.compare(this, other);
  }

  /** As the value of a partition is written. */
  @Override
  public String toString() {
    return unit == Unit.DAY ? day().toString() : start.toString().substring(0, 13);
  }
}
