package io.mlpipeline.steps;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.TrainClassifier.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierParamsTest {

  @ParameterizedTest
  @CsvSource({
    "LOGISTIC_REGRESSION, numTrees, 5, num-trees means nothing to logistic-regression",
    "LOGISTIC_REGRESSION, maxDepth, 5, max-depth means nothing",
    "LOGISTIC_REGRESSION, maxBins, 64, max-bins means nothing",
    "RANDOM_FOREST, maxIter, 5, max-iter (see num-trees) means nothing to random-forest",
    "RANDOM_FOREST, stepSize, 0.1, step-size means nothing",
    "GRADIENT_BOOSTED_TREES, regParam, 0.1, reg-param means nothing to gradient-boosted-trees",
    "GRADIENT_BOOSTED_TREES, numTrees, 5, num-trees means nothing",
    "LOGISTIC_REGRESSION, maxIter, -1, max-iter is -1.0; it must be from 0",
    "LOGISTIC_REGRESSION, elasticNetParam, 1.5, elastic-net-param is 1.5",
    "LOGISTIC_REGRESSION, regParam, NaN, reg-param is NaN",
    "RANDOM_FOREST, maxDepth, 31, max-depth is 31.0; it must be from 0.0 to 30.0",
    "RANDOM_FOREST, maxBins, 1, max-bins must be at least 2",
    "RANDOM_FOREST, label, tenure, label tenure is among the features",
    "RANDOM_FOREST, label, TENURE, label TENURE is among the features",
    "RANDOM_FOREST, weightColumn, plan, weight-column plan is a feature",
  })
  void refuses(Algorithm algorithm, String component, String value, String message) {
    TrainParams params = Customers.features(TrainParams.of(algorithm));
    assertThatThrownBy(() -> ClassifierParams.check(params.with(component, typed(value)).build()))
        .isInstanceOfSatisfying(
            EngineException.class,
            e ->
                org.assertj.core.api.Assertions.assertThat(e.type())
                    .isEqualTo(ErrorType.CONFIG_INVALID))
        .hasMessageContaining(message);
  }

  @Test
  void refusesNoFeaturesAndFeaturesNamedTwiceInOneReport() {
    assertThatThrownBy(
            () -> ClassifierParams.check(TrainParams.of(Algorithm.RANDOM_FOREST).build()))
        .hasMessageContaining("no features");
    TrainParams twice =
        TrainParams.of(Algorithm.RANDOM_FOREST)
            .numeric("a", "b")
            .categorical("A")
            .with("stepSize", 0.5);
    assertThatThrownBy(() -> ClassifierParams.check(twice.build()))
        .hasMessageContaining("feature A is named twice")
        .hasMessageContaining("step-size");
  }

  @ParameterizedTest
  @CsvSource({"LOGISTIC_REGRESSION", "RANDOM_FOREST", "GRADIENT_BOOSTED_TREES"})
  void takesTheDefaults(Algorithm algorithm) {
    assertThatCode(
            () -> ClassifierParams.check(Customers.features(TrainParams.of(algorithm)).build()))
        .doesNotThrowAnyException();
  }

  private static Object typed(String value) {
    if (value.matches("-?\\d+")) {
      return Integer.valueOf(value);
    }
    return value.matches("-?\\d+\\.\\d+|NaN") ? (Object) Double.valueOf(value) : value;
  }
}
