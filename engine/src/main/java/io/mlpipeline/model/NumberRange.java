package io.mlpipeline.model;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two, to be searched: {@code 20..100}, or {@code log 0.0001..1}.
 *
 * @param spread how points lie between the ends
 * @param from the lower end, included
 * @param to the upper end, included
 */
public record NumberRange(Spread spread, double from, double to) {

  private static final Pattern WRITTEN =
      Pattern.compile("(log +)?(-?[0-9.eE+-]+?)\\s*\\.\\.\\s*(-?[0-9.eE+-]+)");

  /** How points lie in a range. */
  public enum Spread {
    EVEN,
    /** Evenly between powers. */
    LOG
  }

  /** The range that is written so; null if the values are something else. */
  public static @Nullable NumberRange find(List<String> values) {
    if (values.size() != 1) {
      return null;
    }
    Matcher range = WRITTEN.matcher(values.get(0).strip());
    if (!range.matches()) {
      return null;
    }
    try {
      Spread spread = range.group(1) == null ? Spread.EVEN : Spread.LOG;
      double from = Double.parseDouble(range.group(2));
      double to = Double.parseDouble(range.group(3));
      boolean finite = Double.isFinite(from) && Double.isFinite(to);
      return finite ? new NumberRange(spread, from, to) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Why nothing can be drawn from it, as the end of a sentence; null if something can. */
  @Nullable String problem() {
    if (!(from < to)) {
      return "which does not ascend";
    }
    return spread == Spread.LOG && from <= 0 ? "but only what is above 0 has a logarithm" : null;
  }

  /** The ends as they would be written as values, of whole numbers without a point. */
  List<String> ends(ParamRule rule) {
    return List.of(text(from, rule), text(to, rule));
  }

  /** A value as it would be written. */
  public static String text(double value, ParamRule rule) {
    boolean fits = rule.isWhole() && value == Math.rint(value) && Math.abs(value) < 1e15;
    return fits ? Long.toString((long) value) : Double.toString(value);
  }
}
