package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which values a param may have: alternatives, each a value or what holds of a number, such as
 * {@code 0 or >= 1}, {@code > 0 and <= 1}, {@code gini or entropy}, {@code all or whole >= 1}.
 */
final class ParamBounds {

  private static final Pattern CONDITION =
      Pattern.compile("(size )?(>=|>|<=|<) (-?[0-9]+(?:[.][0-9]+)?)");
  private static final String WHOLE = "whole ";

  private final List<Alternative> alternatives;

  private record Condition(boolean ofSize, String sign, double limit) {

    boolean holds(double number) {
      return switch (sign) {
        case ">=" -> number >= limit;
        case ">" -> number > limit;
        case "<=" -> number <= limit;
        default -> number < limit;
      };
    }
  }

  /** A value if there are no conditions. */
  private record Alternative(String text, boolean whole, List<Condition> conditions) {

    boolean isValue() {
      return conditions.isEmpty();
    }

    boolean holds(String written, int size) {
      Double number = number(written);
      if (isValue()) {
        Double own = number(text);
        return text.equals(written) || (own != null && own.equals(number));
      }
      return conditions.stream()
          .allMatch(c -> c.ofSize() ? c.holds(size) : number != null && fits(number, c));
    }

    private boolean fits(double number, Condition condition) {
      return condition.holds(number) && (!whole || number == Math.rint(number));
    }
  }

  private ParamBounds(List<Alternative> alternatives) {
    this.alternatives = List.copyOf(alternatives);
  }

  /** Nothing written allows everything. Throws with what cannot be read. */
  static ParamBounds parse(String text) {
    List<Alternative> alternatives = new ArrayList<>();
    if (!text.isBlank()) {
      for (String one : text.split(" or ", -1)) {
        alternatives.add(alternative(one.strip()));
      }
    }
    return new ParamBounds(alternatives);
  }

  private static Alternative alternative(String text) {
    boolean whole = text.startsWith(WHOLE);
    String bare = whole ? text.substring(WHOLE.length()) : text;
    if (!whole && !bare.matches("(size )?[<>].*")) {
      if (bare.isEmpty()) {
        throw new IllegalArgumentException("nothing beside 'or'");
      }
      return new Alternative(text, false, List.of());
    }
    List<Condition> conditions = new ArrayList<>();
    for (String one : bare.split(" and ", -1)) {
      Matcher condition = CONDITION.matcher(one.strip());
      if (!condition.matches()) {
        throw new IllegalArgumentException("'" + one + "', which is no condition such as '>= 0'");
      }
      conditions.add(
          new Condition(
              condition.group(1) != null,
              condition.group(2),
              Double.parseDouble(condition.group(3))));
    }
    return new Alternative(text, whole, conditions);
  }

  /** Whether every one of some values, of so many in all, is allowed. */
  boolean allow(List<String> written) {
    return alternatives.isEmpty()
        || written.stream()
            .allMatch(text -> alternatives.stream().anyMatch(a -> a.holds(text, written.size())));
  }

  /** The same for words, of which upper and lower case do not matter. */
  boolean allowWord(String written) {
    String word = written.toLowerCase(Locale.ROOT);
    return allow(List.of(word))
        || alternatives.stream()
            .anyMatch(a -> a.isValue() && a.text().toLowerCase(Locale.ROOT).equals(word));
  }

  /** The values that are named; of conditions none. */
  List<String> values() {
    return alternatives.stream().filter(Alternative::isValue).map(Alternative::text).toList();
  }

  boolean onlyValues() {
    return alternatives.stream().allMatch(Alternative::isValue);
  }

  /** For people: {@code auto, all or a whole number >= 1}. */
  @Override
  public String toString() {
    List<String> parts =
        alternatives.stream().map(a -> a.text().replace(WHOLE, "a whole number ")).toList();
    int last = parts.size() - 1;
    return last < 1
        ? String.join("", parts)
        : String.join(", ", parts.subList(0, last)) + " or " + parts.get(last);
  }

  private static @Nullable Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
