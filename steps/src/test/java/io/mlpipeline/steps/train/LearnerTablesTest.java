package io.mlpipeline.steps.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.ParamProblem;
import io.mlpipeline.model.ParamRule;
import io.mlpipeline.model.ParamTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of params are those of MLlib's estimators: {@code -Dregenerate=true} writes them anew.
 */
class LearnerTablesTest {

  private static final String HEAD =
      """
      # What "learner" and "search" of %s take: choice | key | type | allowed | meaning.
      # Made from MLlib's estimators by LearnerTablesTest with -Dregenerate=true; do not edit.
      """;

  private static final List<String> WORDS =
      List.of("", "auto", "AUTO", "gini", "Gini", "sqrt", "0", "0.5", "1", "1.0", "1.5", "7", "-1");

  /** Each trainer with each of its algorithms. */
  static Stream<Arguments> trainers() {
    return Stream.of(
        Arguments.of(
            "TrainClassifier",
            learners(
                TrainClassifier.Algorithm.values(),
                a -> TrainClassifier.learner(TrainParams.of(a).build()))),
        Arguments.of(
            "TrainRegressor",
            learners(
                TrainRegressor.Algorithm.values(),
                a -> TrainRegressor.learner(TrainParams.of(a).with("label", "y").build()))),
        Arguments.of(
            "TrainRecommender",
            List.of(TrainRecommender.learner(TrainParams.recommender().build()))),
        Arguments.of(
            "TrainClusters",
            learners(
                TrainClusters.Algorithm.values(),
                a -> TrainClusters.learner(TrainParams.of(a).build()))));
  }

  private static <A> List<Learner> learners(A[] algorithms, Function<A, Learner> learner) {
    return Arrays.stream(algorithms).map(learner).toList();
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void tellWhatTheEstimatorsTake(String trainer, List<Learner> learners) throws IOException {
    StringBuilder made = new StringBuilder(HEAD.formatted(trainer));
    for (Learner learner : learners) {
      made.append('\n');
      LearnerParams.of(learner.name(), learner.estimator())
          .forEach(line -> made.append(line).append('\n'));
    }
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(source(trainer), made.toString());
      return;
    }
    assertThat(table(trainer).lines())
        .as("%s.params is not what MLlib takes: run this test with -Dregenerate=true", trainer)
        .containsExactlyElementsOf(made.toString().lines().toList());
  }

  /** The estimator and the table agree on values at and around every bound. */
  @ParameterizedTest
  @MethodSource("trainers")
  void judgeValuesAsTheEstimatorsDo(String trainer, List<Learner> learners) throws IOException {
    ParamTable table = ParamTable.parse(table(trainer));
    int judged = 0;
    for (Learner learner : learners) {
      Estimator<?> estimator = learner.estimator();
      for (var entry : table.rules(learner.name()).entrySet()) {
        if (!LearnerParams.isOurs(learner.name(), entry.getKey())) {
          judged += judge(table, learner.name(), entry.getKey(), entry.getValue(), estimator);
        }
      }
    }
    assertThat(judged).isGreaterThan(50);
  }

  private static int judge(
      ParamTable table, String algorithm, String key, ParamRule rule, Estimator<?> estimator) {
    Param<?> param = LearnerParams.find(estimator, key);
    List<String> tried = tried(rule);
    for (String text : tried) {
      ParamProblem problem = table.problem(algorithm, "it", key, List.of(text));
      boolean takes = takes(param, rule, text);
      assertThat(problem == null).as("%s.%s = '%s'", algorithm, key, text).isEqualTo(takes);
    }
    return tried.size();
  }

  private static boolean takes(Param<?> param, ParamRule rule, String text) {
    try {
      return LearnerParams.isValid(param, rule.value(List.of(text)));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static List<String> tried(ParamRule rule) {
    return switch (rule.kind()) {
      case INT -> List.of("-1", "0", "1", "2", "3", "29", "30", "31", "2147483647", "1.5", "x");
      case DOUBLE ->
          List.of(
              "-1", "-1e-9", "0", "1e-9", "0.4999", "0.5", "0.5001", "1", "1.0001", "1.5", "2",
              "30", "1e300", "NaN", "x");
      case BOOLEAN -> List.of("true", "false", "yes", "1");
      case INTS -> List.of("4 2", "4,2", "4", "0 2", "4 -1", "4 x", "4 8 2");
      case DOUBLES -> List.of("1 0.5", "0");
      case TEXT, WORD ->
          Stream.concat(
                  WORDS.stream(),
                  Stream.of(rule.allowed().split(" or "))
                      .flatMap(one -> Stream.of(one, one.toUpperCase(Locale.ROOT), one + "x")))
              .toList();
    };
  }

  private static String table(String trainer) throws IOException {
    try (InputStream in = TrainClassifier.class.getResourceAsStream(trainer + ".params")) {
      return new String(Objects.requireNonNull(in, trainer).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Path source(String trainer) throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("conf/pipelines"))) {
      folder = Objects.requireNonNull(folder.getParent());
    }
    String packages = TrainClassifier.class.getPackageName().replace('.', '/');
    Path resources = folder.resolve("steps/src/main/resources").resolve(packages);
    return Files.createDirectories(resources).resolve(trainer + ".params");
  }
}
