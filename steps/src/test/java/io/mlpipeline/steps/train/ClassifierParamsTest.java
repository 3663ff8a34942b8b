package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.steps.train.TrainClassifier.Algorithm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifierParamsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOGISTIC_REGRESSION | num-trees | 5 | num-trees means nothing to logistic-regression; its"
            + " params are elastic-net-param, family, fit-intercept, max-iter",
        "LOGISTIC_REGRESSION | max-itr | 5 | did you mean 'max-iter'?",
        "LOGISTIC_REGRESSION | seed | 5 | learner.seed means nothing",
        "LOGISTIC_REGRESSION | features-col | x | learner.features-col means nothing",
        "LOGISTIC_REGRESSION | upper-bounds-on-coefficients | 1 | means nothing",
        "RANDOM_FOREST | max-iter | 5 | max-iter means nothing to random-forest; see num-trees",
        "RANDOM_FOREST | step-size | 0.1 | step-size means nothing",
        "GRADIENT_BOOSTED_TREES | reg-param | 0.1 | reg-param means nothing to gradient-boosted",
        "LOGISTIC_REGRESSION | max-iter | -1 | learner.max-iter is -1; it must be >= 0",
        "LOGISTIC_REGRESSION | max-iter | ten | max-iter is ten; it must be a whole number",
        "LOGISTIC_REGRESSION | elastic-net-param | 1.5 | elastic-net-param is 1.5; it must be >= 0"
            + " and <= 1",
        "LOGISTIC_REGRESSION | reg-param | NaN | reg-param is NaN; it must be a finite number",
        "LOGISTIC_REGRESSION | family | cubic | family is cubic; it must be auto, binomial or"
            + " multinomial",
        "LOGISTIC_REGRESSION | standardization | yes | it must be true or false",
        "RANDOM_FOREST | max-depth | 31 | max-depth is 31; it must be >= 0 and <= 30",
        "RANDOM_FOREST | max-bins | 1 | max-bins is 1; it must be >= 2",
        "RANDOM_FOREST | impurity | ginni | must be entropy or gini; did you mean 'gini'?",
        "MULTILAYER_PERCEPTRON | layers | 4 x 2 | it must be whole numbers",
      })
  void refusesWhatTheAlgorithmDoesNotTake(
      Algorithm algorithm, String param, String value, String message) {
    refused(TrainParams.of(algorithm).customers().learner(param, value), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "label | tenure | label tenure is among the features",
        "label | TENURE | label TENURE is among the features",
        "weightColumn | plan | weight-column plan is a feature",
        "weightColumn | churned | weight-column churned is the label",
        "earlyStopping | 0.95 | early-stopping is 0.95; it must be from 0 to 0.9",
        "earlyStopping | 0.2 | early-stopping means nothing to random-forest",
        "searchTrials | 4 | search-trials is set, but search names no param",
        "timeColumn | day | time-column is set, but search names no param",
        "parallelism | 0 | parallelism is 0; it must be from 1 to 64",
        "hashSize | 1 | hash-size is 1",
      })
  void refusesWhatDoesNotFitTogether(String component, String value, String message) {
    TrainParams<TrainClassifier.Params> params =
        TrainParams.of(Algorithm.RANDOM_FOREST).customers();
    refused(params.with(component, typed(value)), message);
  }

  @Test
  void refusesPreparationOfColumnsThatAreNoNumbers() {
    TrainParams<TrainClassifier.Params> params =
        TrainParams.of(Algorithm.RANDOM_FOREST).customers();
    refused(
        params.with("fill", Map.of("tenur", "0")),
        "fill names tenur, which is none of tenure, charge, usage.rate, paperless; did you mean"
            + " 'tenure'?");
    refused(
        params.with("fill", Map.of("tenure", "often")),
        "fill.tenure is often; it must be median, mean or a number");
    refused(
        params.with("buckets", Map.of("tenure", List.of("3", "3"))), "buckets.tenure has 3 after");
    refused(
        params.with("buckets", Map.of("tenure", List.of("quantiles 1"))), "write quantiles and 2");
    refused(
        params.with("dateParts", List.of("moth")),
        "date-parts names moth, which is none of year, month");
  }

  @Test
  void refusesNoFeaturesAndFeaturesNamedTwiceInOneReport() {
    refused(TrainParams.of(Algorithm.RANDOM_FOREST), "no features");
    TrainParams<TrainClassifier.Params> twice =
        TrainParams.of(Algorithm.RANDOM_FOREST)
            .numeric("a", "b")
            .categorical("A")
            .learner("step-size", "0.5");
    refused(twice, "feature A is named twice\nlearner.step-size means nothing");
  }

  @Test
  void refusesWeightsWhereTheEstimatorWouldLookAway() {
    for (Algorithm blind :
        List.of(Algorithm.FACTORIZATION_MACHINES, Algorithm.MULTILAYER_PERCEPTRON)) {
      refused(
          TrainParams.of(blind).customers().with("weightColumn", "w"),
          "weight-column means nothing");
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void takesTheDefaults(Algorithm algorithm) {
    TrainClassifier.Params params = TrainParams.of(algorithm).customers().build();
    assertThatCode(() -> ParamsCheck.check(params, TrainClassifier.learner(params)))
        .doesNotThrowAnyException();
  }

  private static void refused(TrainParams<TrainClassifier.Params> given, String message) {
    TrainClassifier.Params params = given.build();
    assertThatThrownBy(() -> ParamsCheck.check(params, TrainClassifier.learner(params)))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.CONFIG_INVALID))
        .hasMessageContaining(message);
  }

  private static Object typed(String value) {
    if (value.matches("-?\\d+")) {
      return Integer.valueOf(value);
    }
    return value.matches("-?\\d+\\.\\d+|NaN") ? (Object) Double.valueOf(value) : value;
  }
}
