package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.steps.train.FeatureParams.Scale;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the params make sense together; every problem in one message. */
final class ParamsCheck {

  private static final int MOST_SIZE = 1 << 20;

  private final List<String> problems = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  /** Throws {@code CONFIG_INVALID} if there is a problem. */
  static void check(FeatureParams params, Learner learner) {
    ParamsCheck check = new ParamsCheck();
    check.features(params);
    check.learner(params, learner);
    if (params instanceof SupervisedParams supervised) {
      check.supervised(supervised, learner);
    }
    check.raise();
  }

  /** Throws {@code CONFIG_INVALID} if the learner was given what it does not take. */
  static void check(Learner learner) {
    ParamsCheck check = new ParamsCheck();
    check.problems.addAll(learner.problems());
    check.raise();
  }

  private void raise() {
    if (!problems.isEmpty()) {
      throw new EngineException(ErrorType.CONFIG_INVALID, String.join("\n", problems));
    }
  }

  /** Spark does not tell the case of column names apart. */
  static String fold(String column) {
    return column.toLowerCase(Locale.ROOT);
  }

  private void features(FeatureParams params) {
    Stream.of(
            params.numeric(), params.categorical(), params.hashed(), params.text(), params.dates())
        .flatMap(List::stream)
        .filter(column -> !seen.add(fold(column)))
        .forEach(column -> problems.add("feature " + column + " is named twice"));
    if (seen.isEmpty()) {
      problems.add("no features: name columns under numeric, categorical, hashed, text or dates");
    }
    if (seen.contains(fold(params.weightColumn()))) {
      problems.add("weight-column " + params.weightColumn() + " is a feature");
    }
    params.fill().forEach((column, value) -> fill(params, column, value));
    params.indicateMissing().forEach(column -> numeric(params, "indicate-missing", column));
    params.buckets().forEach((column, edges) -> buckets(params, column, edges));
    size("hash-size", params.hashSize());
    size("text-size", params.textSize());
    for (String part : params.dateParts()) {
      if (!NumberFeature.DATE_PARTS.containsKey(part)) {
        problems.add(unknown("date-parts names " + part, part, NumberFeature.DATE_PARTS.keySet()));
      }
    }
  }

  private void fill(FeatureParams params, String column, String value) {
    numeric(params, "fill", column);
    if (!value.equals("median") && !value.equals("mean") && !isNumber(value)) {
      problems.add("fill." + column + " is " + value + "; it must be median, mean or a number");
    }
  }

  private void buckets(FeatureParams params, String column, List<String> edges) {
    numeric(params, "buckets", column);
    String where = "buckets." + column;
    if (edges.size() == 1 && edges.get(0).startsWith("quantiles ")) {
      if (Quantiles.count(edges.get(0)) == 0) {
        problems.add(where + " is '" + edges.get(0) + "'; write quantiles and 2 to 100");
      }
      return;
    }
    if (edges.isEmpty() || !edges.stream().allMatch(ParamsCheck::isNumber)) {
      problems.add(where + " must be edges in ascending order, or one text such as 'quantiles 4'");
      return;
    }
    for (int i = 1; i < edges.size(); i++) {
      if (!(Double.parseDouble(edges.get(i - 1)) < Double.parseDouble(edges.get(i)))) {
        problems.add(where + " has " + edges.get(i) + " after " + edges.get(i - 1));
      }
    }
  }

  private void numeric(FeatureParams params, String param, String column) {
    if (params.numeric().stream().noneMatch(column::equalsIgnoreCase)) {
      problems.add(unknown(param + " names " + column, column, params.numeric()));
    }
  }

  private static String unknown(String what, String written, Collection<String> known) {
    String near = Suggestions.didYouMean(written, known);
    return what
        + ", which is none of "
        + String.join(", ", known)
        + (near == null ? "" : "; " + near);
  }

  private void size(String param, int size) {
    if (size < 2 || size > MOST_SIZE) {
      problems.add(param + " is " + size + "; it must be from 2 to " + MOST_SIZE);
    }
  }

  static boolean isNumber(String text) {
    try {
      return Double.isFinite(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void learner(FeatureParams params, Learner learner) {
    problems.addAll(learner.problems());
    if (!params.weightColumn().isEmpty() && !learner.takesWeights()) {
      problems.add("weight-column means nothing to " + learner.name() + ": take it out");
    }
    if (learner.has(Learner.Trait.COUNTS) && params.scale() == Scale.STANDARD) {
      problems.add(
          "scale: standard makes numbers below zero, which "
              + learner.name()
              + " cannot take: write min-max");
    }
  }

  private void supervised(SupervisedParams params, Learner learner) {
    if (seen.contains(fold(params.label()))) {
      problems.add("label " + params.label() + " is among the features, which gives it away");
    }
    if (fold(params.label()).equals(fold(params.weightColumn()))) {
      problems.add("weight-column " + params.weightColumn() + " is the label");
    }
    share("early-stopping", params.earlyStopping());
    if (params.earlyStopping() != 0 && !learner.has(Learner.Trait.STOPS_EARLY)) {
      problems.add(
          "early-stopping means nothing to "
              + learner.name()
              + ": take it out, or use gradient-boosted-trees");
    }
    problems.addAll(SearchSpace.problems(params, learner));
    search(params);
  }

  private void search(SearchParams params) {
    share("validation-share", params.validationShare());
    if (params.parallelism() < 1 || params.parallelism() > 64) {
      problems.add("parallelism is " + params.parallelism() + "; it must be from 1 to 64");
    }
    if (params.search().isEmpty()) {
      unused("search-trials", params.searchTrials() != 0);
      unused("time-column", !params.timeColumn().isEmpty());
      return;
    }
    if (params.timeColumn().isEmpty() && (params.folds() < 2 || params.folds() > 20)) {
      problems.add("folds is " + params.folds() + "; it must be from 2 to 20");
    }
    if (!params.timeColumn().isEmpty() && params.validationShare() == 0) {
      problems.add("validation-share is 0; say which share of the latest rows judges");
    }
  }

  private void unused(String param, boolean written) {
    if (written) {
      problems.add(param + " is set, but search names no param to search for");
    }
  }

  private void share(String param, double share) {
    if (!(share >= 0 && share <= 0.9)) {
      problems.add(param + " is " + share + "; it must be from 0 to 0.9");
    }
  }
}
