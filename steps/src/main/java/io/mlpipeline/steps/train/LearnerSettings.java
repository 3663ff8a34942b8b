package io.mlpipeline.steps.train;

import io.mlpipeline.model.Names;
import io.mlpipeline.model.ParamProblem;
import io.mlpipeline.model.ParamRule;
import io.mlpipeline.model.ParamTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.jspecify.annotations.Nullable;

/**
 * An algorithm's own params by their names in kebab-case. Which there are and what they may be
 * stands in the table beside the trainer, {@code TrainClassifier.params} and its like: planning
 * reads the same one. A test makes these tables from MLlib's estimators.
 */
final class LearnerSettings {

  private final String algorithm;
  private final ParamTable table;
  private final SortedMap<String, ParamRule> rules;

  private LearnerSettings(String algorithm, ParamTable table) {
    this.algorithm = algorithm;
    this.table = table;
    this.rules = table.rules(algorithm);
  }

  /** Of a constant of a trainer's {@code Algorithm}. */
  static LearnerSettings of(Enum<?> algorithm) {
    Class<?> trainer = Objects.requireNonNull(algorithm.getDeclaringClass().getEnclosingClass());
    String file = trainer.getSimpleName() + ".params";
    try (InputStream in = Objects.requireNonNull(trainer.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new LearnerSettings(Names.kebab(algorithm.name()), ParamTable.parse(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The algorithm's name, in kebab-case. */
  String algorithm() {
    return algorithm;
  }

  /** What a param that has no {@link #problem} may be. */
  ParamRule rule(String name) {
    return Objects.requireNonNull(rules.get(name), name);
  }

  /** What is wrong with a value under {@code learner}, as a sentence; null if it is fine. */
  @Nullable String problem(String name, List<String> written) {
    return shown(table.problem(algorithm, "learner." + name, name, written));
  }

  /** The same of values under {@code search}. */
  @Nullable String searched(String name, List<String> values) {
    return shown(table.searched(algorithm, "search." + name, name, values));
  }

  private static @Nullable String shown(@Nullable ParamProblem problem) {
    return problem == null ? null : problem.toString();
  }

  /** Sets values that have no {@link #problem}. */
  void set(Params estimator, Map<String, List<String>> written) {
    for (Param<?> param : estimator.params()) {
      List<String> value = written.get(Names.kebab(param.name()));
      if (value != null) {
        estimator.set(param.name(), rule(Names.kebab(param.name())).value(value));
      }
    }
  }
}
