package io.mlpipeline.steps.train;

import io.mlpipeline.model.NumberRange;
import io.mlpipeline.model.ParamRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The points of a search: every combination of lists, or drawn from lists and ranges. */
final class SearchSpace {

  private static final int MOST_TRIALS = 1000;

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
    if (NumberRange.find(values) != null && params.searchTrials() == 0) {
      problems.add(
          "search." + name + " is a range: say with search-trials how many points to draw");
      return;
    }
    String problem = settings.searched(name, values);
    if (problem != null) {
      problems.add(problem);
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
                NumberRange range = NumberRange.find(values);
                point.put(
                    name,
                    range == null
                        ? values.get(random.nextInt(values.size()))
                        : draw(range, settings.rule(name), random));
              });
      points.add(point);
    }
    return List.copyOf(points);
  }

  private static String draw(NumberRange range, ParamRule rule, SplittableRandom random) {
    double share = random.nextDouble();
    boolean even = range.spread() == NumberRange.Spread.EVEN;
    if (rule.isWhole() && even) {
      double width = range.to() - range.from() + 1;
      return NumberRange.text(Math.floor(range.from() + share * width), rule);
    }
    double value =
        even
            ? range.from() + share * (range.to() - range.from())
            : range.from() * StrictMath.pow(range.to() / range.from(), share);
    return NumberRange.text(rule.isWhole() ? Math.rint(value) : value, rule);
  }
}
