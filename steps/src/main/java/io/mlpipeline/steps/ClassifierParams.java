package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.TrainClassifier.Algorithm;
import io.mlpipeline.steps.TrainClassifier.Params;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the params make sense together; every problem in one message. */
final class ClassifierParams {

  private final Params params;
  private final List<String> problems = new ArrayList<>();

  private ClassifierParams(Params params) {
    this.params = params;
  }

  static void check(Params params) {
    ClassifierParams check = new ClassifierParams(params);
    check.columns();
    check.owners();
    check.ranges();
    if (!check.problems.isEmpty()) {
      throw new EngineException(ErrorType.CONFIG_INVALID, String.join("\n", check.problems));
    }
  }

  /** Spark does not tell the case of column names apart. */
  static String fold(String column) {
    return column.toLowerCase(Locale.ROOT);
  }

  private void columns() {
    if (params.numeric().isEmpty() && params.categorical().isEmpty()) {
      problems.add("no features: name columns under numeric or categorical");
    }
    Set<String> seen = new HashSet<>();
    Stream.concat(params.numeric().stream(), params.categorical().stream())
        .filter(column -> !seen.add(fold(column)))
        .forEach(column -> problems.add("feature " + column + " is named twice"));
    if (seen.contains(fold(params.label()))) {
      problems.add("label " + params.label() + " is among the features, which gives it away");
    }
    String weight = fold(params.weightColumn());
    if (seen.contains(weight) || weight.equals(fold(params.label()))) {
      problems.add("weight-column " + params.weightColumn() + " is a feature or the label");
    }
  }

  private void owners() {
    boolean lr = params.algorithm() == Algorithm.LOGISTIC_REGRESSION;
    boolean rf = params.algorithm() == Algorithm.RANDOM_FOREST;
    boolean gbt = params.algorithm() == Algorithm.GRADIENT_BOOSTED_TREES;
    owner("max-iter", params.maxIter(), lr || gbt);
    owner("reg-param", params.regParam(), lr);
    owner("elastic-net-param", params.elasticNetParam(), lr);
    owner("num-trees", params.numTrees(), rf);
    owner("max-depth", params.maxDepth(), rf || gbt);
    owner("max-bins", params.maxBins(), rf || gbt);
    owner("min-instances-per-node", params.minInstancesPerNode(), rf || gbt);
    owner("step-size", params.stepSize(), gbt);
    owner("subsampling-rate", params.subsamplingRate(), rf || gbt);
  }

  private void owner(String param, double value, boolean has) {
    if (value != 0 && !has) {
      String algorithm = fold(params.algorithm().name()).replace('_', '-');
      problems.add(
          param
              + (param.equals("max-iter") ? " (see num-trees)" : "")
              + " means nothing to "
              + algorithm
              + ": take it out");
    }
  }

  private void ranges() {
    range("max-iter", params.maxIter(), 0, 10_000);
    range("reg-param", params.regParam(), 0, Double.MAX_VALUE);
    range("elastic-net-param", params.elasticNetParam(), 0, 1);
    range("num-trees", params.numTrees(), 0, 10_000);
    range("max-depth", params.maxDepth(), 0, 30);
    range("max-bins", params.maxBins(), 0, 100_000);
    range("min-instances-per-node", params.minInstancesPerNode(), 0, Integer.MAX_VALUE);
    range("step-size", params.stepSize(), 0, 1);
    range("subsampling-rate", params.subsamplingRate(), 0, 1);
    if (params.maxBins() == 1) {
      problems.add("max-bins must be at least 2");
    }
  }

  private void range(String param, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      problems.add(param + " is " + value + "; it must be from " + least + " to " + most);
    }
  }
}
