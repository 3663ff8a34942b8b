package io.mlpipeline.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How new the newest value of a column must be.
 *
 * @param input the input's name
 * @param column a column of dates or timestamps
 * @param maxAge how old its newest value may be
 * @param now the time that ages are told against
 */
public record Freshness(String input, String column, Duration maxAge, Instant now) {

  /**
   * Judges the newest value; no value at all is stale too.
   *
   * @throws EngineException INPUT_STALE naming the value and its age
   */
  public void check(@Nullable Instant newest) {
    if (newest != null && !newest.plus(maxAge).isBefore(now)) {
      return;
    }
    String found =
        newest == null
            ? "has no value at all"
            : "is " + newest + ", " + text(Duration.between(newest, now)) + " ago";
    throw new EngineException(
        ErrorType.INPUT_STALE,
        "The newest "
            + column
            + " of "
            + input
            + " "
            + found
            + "; now it is "
            + now
            + ", and max-age is "
            + text(maxAge)
            + ". Wait for the source, or raise max-age.");
  }

  private static String text(Duration duration) {
    String time =
        String.format(Locale.ROOT, "%dh%02dm", duration.toHoursPart(), duration.toMinutesPart());
    return duration.toDays() == 0 ? time : duration.toDays() + "d " + time;
  }
}
