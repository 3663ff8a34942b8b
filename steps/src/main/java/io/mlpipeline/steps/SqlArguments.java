package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Arguments of a query: from texts to values that Spark binds; never pasted into the SQL. */
final class SqlArguments {

  // No leading zeros: 007 is a name, not a number.
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final Pattern FRACTION = Pattern.compile("-?(0|[1-9][0-9]{0,19})\\.[0-9]{1,18}");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern INSTANT = Pattern.compile(DATE + "T[0-9:.]{5,18}Z");

  private SqlArguments() {}

  /**
   * Values by name as the query writes it: {@code window-days} binds {@code :window_days}. Refuses
   * an argument that the query does not use and a parameter that has no argument.
   */
  static SortedMap<String, Object> bind(Map<String, String> written, Set<String> used) {
    SortedMap<String, Object> values = new TreeMap<>();
    written.forEach((name, text) -> values.put(name.replace('-', '_'), value(text)));
    for (String name : values.keySet()) {
      if (!used.contains(name)) {
        throw invalid(
            "argument '%s' is not used: the query has no :%s%s"
                .formatted(name.replace('_', '-'), name, Suggestions.didYouMean(name, used)));
      }
    }
    for (String name : used) {
      if (!values.containsKey(name)) {
        throw invalid(
            "the query uses :%s, but there is no argument '%s'%s"
                .formatted(
                    name,
                    name.replace('_', '-'),
                    Suggestions.didYouMean(name.replace('_', '-'), written.keySet())));
      }
    }
    return values;
  }

  /** A whole number, decimal, boolean, ISO date or ISO instant if it reads as one; else a text. */
  static Object value(String text) {
    if (WHOLE.matcher(text).matches()) {
      long number = Long.parseLong(text);
      return number == (int) number ? (Object) (int) number : (Object) number;
    }
    if (FRACTION.matcher(text).matches()) {
      return new BigDecimal(text);
    }
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
      return INSTANT.matcher(text).matches() ? Instant.parse(text) : text;
    } catch (DateTimeException e) {
      return text;
    }
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }
}
