package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Moments in the past as people name them, in UTC. */
final class PastMoment {

  private static final String LAST = "last-";

  private PastMoment() {}

  /** The moment that {@code --at} means; of a day its last. */
  static Instant of(String text) {
    try {
      return text.length() == 10 ? endOf(LocalDate.parse(text)) : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw EngineException.misused(
          "--at cannot be '" + Messages.clean(text) + "'",
          "a day such as 2024-03-05, or a moment such as 2024-03-05T12:00:00Z");
    }
  }

  /** The end of the newest such day before today: {@code last-tuesday}; empty if it is no day. */
  static Optional<Instant> last(String text, LocalDate today) {
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> text.equals(LAST + word(day)))
        .map(day -> endOf(today.with(TemporalAdjusters.previous(day))))
        .findFirst();
  }

  /** What {@link #last} takes. */
  static List<String> days() {
    return Arrays.stream(DayOfWeek.values()).map(day -> LAST + word(day)).toList();
  }

  private static String word(DayOfWeek day) {
    return day.name().toLowerCase(Locale.ROOT);
  }

  private static Instant endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusNanos(1);
  }
}
