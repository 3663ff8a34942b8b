package io.mlpipeline.steps.train;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The points of a search: every combination of lists, or drawn from lists and ranges. */
final class SearchSpace {

  private static final int MOST_TRIALS = 1000;
  private static final Pattern RANGE =
      Pattern.compile("(log +)?(-?[0-9.eE+-]+?)\\s*\\.\\.\\s*(-?[0-9.eE+-]+)");

  private SearchSpace() {}

  /** What is wrong with what was written, as sentences. */
  static List<String> problems(SearchParams params, Learner learner) {
    List<String> problems = new ArrayList<>();
    if (params.searchTrials() < 0 || params.searchTrials() > MOST_TRIALS) {
      problems.add(
          "search-trials is " + params.searchTrials() + "; it must be from 0 to " + MOST_TRIALS);
      return problems;
    }
    LearnerSettings settings = learner.settings();
    params.search().forEach((name, values) -> problems(params, settings, name, values, problems));
    for (String name : params.search().keySet()) {
      if (!learner.written(name).isEmpty()) {
        problems.add(name + " is set under learner and searched for: take one of them out");
      }
    }
    if (problems.isEmpty() && params.searchTrials() == 0 && size(params) > MOST_TRIALS) {
      problems.add(
          "search has "
              + size(params)
              + " combinations, more than "
              + MOST_TRIALS
              + ": say with search-trials how many to draw");
    }
    return problems;
  }

  private static void problems(
      SearchParams params,
      LearnerSettings settings,
      String name,
      List<String> values,
      List<String> problems) {
    if (values.isEmpty()) {
      problems.add("search." + name + " has no values");
      return;
    }
    Range range = range(values);
    if (range != null && params.searchTrials() == 0) {
      problems.add(
          "search." + name + " is a range: say with search-trials how many points to draw");
      return;
    }
    if (range != null && range.problem() != null) {
      problems.add("search." + name + " is '" + values.get(0) + "', " + range.problem());
      return;
    }
    List<String> ends = range == null ? values : range.ends(settings.isWhole(name));
    for (String value : ends) {
      String problem = settings.problem("search", name, List.of(value));
      if (problem != null) {
        problems.add(problem);
        return;
      }
    }
  }

  private static long size(SearchParams params) {
    long size = 1;
    for (List<String> values : params.search().values()) {
      size = Math.min(Integer.MAX_VALUE, size * values.size());
    }
    return size;
  }

  /** The points to try, in order; equal params give equal points. */
  static List<SortedMap<String, String>> points(
      SearchParams params, LearnerSettings settings, long seed) {
    return params.searchTrials() == 0 ? grid(params) : drawn(params, settings, seed);
  }

  private static List<SortedMap<String, String>> grid(SearchParams params) {
    List<SortedMap<String, String>> points = List.of(new TreeMap<>());
    for (Map.Entry<String, List<String>> axis : new TreeMap<>(params.search()).entrySet()) {
      List<SortedMap<String, String>> longer = new ArrayList<>();
      for (SortedMap<String, String> point : points) {
        for (String value : axis.getValue()) {
          SortedMap<String, String> next = new TreeMap<>(point);
          next.put(axis.getKey(), value);
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }

  /** Points that were drawn before are not tried again. */
  private static List<SortedMap<String, String>> drawn(
      SearchParams params, LearnerSettings settings, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<SortedMap<String, String>> points = new LinkedHashSet<>();
    for (int draw = 0; draw < params.searchTrials(); draw++) {
      SortedMap<String, String> point = new TreeMap<>();
      new TreeMap<>(params.search())
          .forEach(
              (name, values) -> {
                Range range = range(values);
                point.put(
                    name,
                    range == null
                        ? values.get(random.nextInt(values.size()))
                        : range.draw(random, settings.isWhole(name)));
              });
      points.add(point);
    }
    return List.copyOf(points);
  }

  private static @Nullable Range range(List<String> values) {
    if (values.size() != 1) {
      return null;
    }
    Matcher range = RANGE.matcher(values.get(0).strip());
    if (!range.matches()
        || !ParamsCheck.isNumber(range.group(2))
        || !ParamsCheck.isNumber(range.group(3))) {
      return null;
    }
    return new Range(
        range.group(1) == null ? Spread.EVEN : Spread.LOG,
        Double.parseDouble(range.group(2)),
        Double.parseDouble(range.group(3)));
  }

  private enum Spread {
    EVEN,
    LOG
  }

  private record Range(Spread spread, double from, double to) {

    @Nullable String problem() {
      if (!(from < to)) {
        return "which does not ascend";
      }
      return spread == Spread.LOG && from <= 0 ? "but only what is above 0 has a logarithm" : null;
    }

    List<String> ends(boolean whole) {
      return List.of(text(from, whole), text(to, whole));
    }

    String draw(SplittableRandom random, boolean whole) {
      double share = random.nextDouble();
      if (whole && spread == Spread.EVEN) {
        return text(Math.floor(from + share * (to - from + 1)), true);
      }
      double value =
          spread == Spread.EVEN
              ? from + share * (to - from)
              : from * StrictMath.pow(to / from, share);
      return text(whole ? Math.rint(value) : value, whole);
    }

    private static String text(double value, boolean whole) {
      boolean fits = whole && value == Math.rint(value) && Math.abs(value) < 1e15;
      return fits ? Long.toString((long) value) : Double.toString(value);
    }
  }
}
