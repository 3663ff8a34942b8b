package io.mlpipeline.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as HOCON writes them; the unit is not optional. */
public final class Durations {

  private static final int LONGEST_NUMBER = 20;
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Durations() {}

  /** The duration; null if the text is none, is negative, or is longer than 292 years. */
  public static @Nullable Duration parse(String text) {
    String plain = text.strip();
    int end = 0;
    while (end < plain.length() && isNumeric(plain.charAt(end))) {
      end++;
    }
    long unit = nanos(plain.substring(end).strip());
    if (unit == 0 || end == 0 || end > LONGEST_NUMBER) {
      return null;
    }
    try {
      BigDecimal total = new BigDecimal(plain.substring(0, end)).multiply(BigDecimal.valueOf(unit));
      BigDecimal whole = total.setScale(0, RoundingMode.DOWN);
      return whole.compareTo(LARGEST) > 0 ? null : Duration.ofNanos(whole.longValueExact());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean isNumeric(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static long nanos(String unit) {
    return switch (unit) {
      case "ns", "nano", "nanos", "nanosecond", "nanoseconds" -> 1;
      case "us", "micro", "micros", "microsecond", "microseconds" -> 1_000;
      case "ms", "milli", "millis", "millisecond", "milliseconds" -> 1_000_000;
      case "s", "second", "seconds" -> 1_000_000_000L;
      case "m", "minute", "minutes" -> 60_000_000_000L;
      case "h", "hour", "hours" -> 3_600_000_000_000L;
      case "d", "day", "days" -> 86_400_000_000_000L;
      default -> 0;
    };
  }
}
