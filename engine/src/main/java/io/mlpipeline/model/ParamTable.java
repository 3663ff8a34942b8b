package io.mlpipeline.model;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a step's param may hold, and what each may be: a text that lies beside the step's
 * class, so that planning knows it without loading anything.
 *
 * <p>A line is {@code choice | key | type | allowed | meaning}; lines that are empty or start with
 * {@code #} do not count. The choice is the value of another param ({@code *}: any). Types are
 * {@code int}, {@code double}, {@code boolean}, {@code text}, {@code word} (upper and lower case
 * are the same), {@code ints} and {@code doubles}. Allowed are alternatives, such as {@code 0 or >=
 * 1}, {@code > 0 and <= 1}, {@code gini or entropy}, {@code >= 1 and size >= 2}; nothing allows
 * all. The type {@code see} says of a key that is none which one is meant: {@code forest | max-iter
 * | see | num-trees}.
 */
public final class ParamTable {

  /** The choice of lines that count for every choice. */
  public static final String ANY = "*";

  private final SortedMap<String, SortedMap<String, ParamRule>> rules = new TreeMap<>();
  private final SortedMap<String, SortedMap<String, String>> others = new TreeMap<>();

  private ParamTable() {}

  /**
   * Reads a table.
   *
   * @throws IllegalArgumentException if a line cannot be read; the message names it
   */
  public static ParamTable parse(String text) {
    ParamTable table = new ParamTable();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        try {
          table.add(line.strip().split("(?<= )\\|(?= |$)", -1));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
        }
      }
    }
    return table;
  }

  private void add(String[] cells) {
    if (cells.length < 3 || cells.length > 5) {
      throw new IllegalArgumentException("is not: choice | key | type | allowed | meaning");
    }
    String choice = cells[0].strip();
    String key = cells[1].strip();
    String type = cells[2].strip();
    String allowed = cells.length > 3 ? cells[3].strip() : "";
    if (type.equals("see")) {
      others.computeIfAbsent(choice, c -> new TreeMap<>()).put(key, allowed);
      return;
    }
    ParamRule rule = new ParamRule(kind(type), allowed, cells.length > 4 ? cells[4].strip() : "");
    if (rules.computeIfAbsent(choice, c -> new TreeMap<>()).put(key, rule) != null) {
      throw new IllegalArgumentException(key + " is there twice");
    }
  }

  private static ParamRule.Kind kind(String type) {
    for (ParamRule.Kind kind : ParamRule.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(type)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("there is no type '" + type + "'");
  }

  /** The keys of a choice and what they may be; nothing of a choice that it does not name. */
  public SortedMap<String, ParamRule> rules(String choice) {
    SortedMap<String, ParamRule> all = new TreeMap<>(rules.getOrDefault(ANY, new TreeMap<>()));
    all.putAll(rules.getOrDefault(choice, new TreeMap<>()));
    return Collections.unmodifiableSortedMap(all);
  }

  /**
   * What is wrong with what was written of a key; null if nothing is.
   *
   * @param choice the value of the param that decides
   * @param name how the key is called in the message
   */
  public @Nullable ParamProblem problem(
      String choice, String name, String key, List<String> written) {
    ParamRule rule = rules(choice).get(key);
    return rule == null ? unknown(choice, name, key) : rule.problem(name, written);
  }

  /** The same of values to be tried one by one, or of a {@link NumberRange} of them. */
  public @Nullable ParamProblem searched(
      String choice, String name, String key, List<String> values) {
    ParamRule rule = rules(choice).get(key);
    if (rule == null) {
      return unknown(choice, name, key);
    }
    if (values.isEmpty()) {
      return new ParamProblem(name + " has no values", null);
    }
    NumberRange range = NumberRange.find(values);
    String wrong = range == null ? null : range.problem();
    if (wrong != null) {
      return new ParamProblem(name + " is '" + values.get(0) + "', " + wrong, null);
    }
    for (String value : range == null ? values : range.ends(rule)) {
      ParamProblem problem = rule.problem(name, List.of(value));
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private ParamProblem unknown(String choice, String name, String key) {
    String message = name + " means nothing" + (choice.equals(ANY) ? "" : " to " + choice);
    Map<String, ParamRule> known = rules(choice);
    String other = others.getOrDefault(choice, new TreeMap<>()).get(key);
    if (other != null) {
      return new ParamProblem(message, "see " + other);
    }
    String near = Suggestions.didYouMean(key, known.keySet());
    String all =
        known.isEmpty()
            ? "it has no params"
            : "its params are " + String.join(", ", known.keySet());
    return new ParamProblem(message, near == null ? all : near);
  }
}
