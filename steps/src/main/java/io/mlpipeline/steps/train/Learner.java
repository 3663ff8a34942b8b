package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * One of MLlib's estimators, with what was written for it and what the engine decides: its uid,
 * seed and columns.
 */
final class Learner {

  /** What matters of an algorithm to the rest of the trainer. */
  enum Trait {
    /** Takes categories as they are, up to {@code max-bins} of them. */
    TREES,
    /** Adds up whole numbers only, so that partitions do not matter. */
    WHOLE_NUMBERS,
    /** Knows two classes only. */
    TWO_CLASSES,
    /** Takes counts, which cannot be negative. */
    COUNTS,
    /** Can stop by rows that it does not learn from. */
    STOPS_EARLY,
    /** A network, whose layers must fit features and classes. */
    LAYERS
  }

  private final LearnerSettings settings;
  private final Supplier<? extends Estimator<?>> maker;
  private final Set<Trait> traits;
  private final SortedMap<String, List<String>> written;

  private Learner(
      LearnerSettings settings,
      Supplier<? extends Estimator<?>> maker,
      Set<Trait> traits,
      Map<String, List<String>> written) {
    this.settings = settings;
    this.maker = maker;
    this.traits = traits;
    this.written = new TreeMap<>(written);
  }

  static Learner of(
      Enum<?> algorithm,
      Supplier<? extends Estimator<?>> maker,
      Set<Trait> traits,
      Map<String, List<String>> written) {
    return new Learner(LearnerSettings.of(algorithm), maker, traits, written);
  }

  /** The same with some values replaced. */
  Learner with(Map<String, List<String>> values) {
    SortedMap<String, List<String>> all = new TreeMap<>(written);
    all.putAll(values);
    return new Learner(settings, maker, traits, all);
  }

  /** The algorithm's name, in kebab-case. */
  String name() {
    return settings.algorithm();
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether rows can count differently. Some estimators have the param and look away. */
  boolean takesWeights() {
    return Arrays.stream(maker.get().getClass().getMethods())
        .anyMatch(method -> method.getName().equals("setWeightCol"));
  }

  LearnerSettings settings() {
    return settings;
  }

  /** Everything that is wrong with what was written, as sentences. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    written.forEach(
        (param, value) -> {
          String problem = settings.problem(param, value);
          if (problem != null) {
            problems.add(problem);
          }
        });
    return problems;
  }

  /** What was written of a param. */
  List<String> written(String param) {
    return written.getOrDefault(param, List.of());
  }

  /** The value of a param, written or MLlib's own; the text {@code none} if it has none. */
  String value(String param) {
    Estimator<?> estimator = estimator();
    var own = estimator.getParam(param);
    return estimator.isDefined(own) ? String.valueOf(estimator.getOrDefault(own)) : "none";
  }

  /** MLlib's, with what was written for it. */
  Estimator<?> estimator() {
    Estimator<?> estimator = maker.get();
    settings.set(estimator, written);
    return estimator;
  }

  /**
   * Fits it.
   *
   * @param columns MLlib's names of column params and the columns; those that this algorithm does
   *     not have are left out
   */
  Model<?> fit(Dataset<Row> rows, Map<String, Object> columns, long seed) {
    Estimator<?> estimator = estimator();
    columns.forEach(
        (param, column) -> {
          if (estimator.hasParam(param)) {
            estimator.set(param, column);
          }
        });
    if (estimator.hasParam("seed")) {
      estimator.set("seed", seed);
    }
    try {
      return (Model<?>) estimator.fit(rows);
    } catch (Throwable e) { // Spark throws checked exceptions that it does not declare
      Throwable refusal = refusal(e);
      if (refusal == null) {
        throw e;
      }
      throw new EngineException(
          ErrorType.STEP_FAILED,
          name() + " cannot learn from these rows with " + shown() + ": " + words(refusal),
          e);
    }
  }

  /** What MLlib says of params or values that it does not take, also if it says so in a task. */
  private static @Nullable Throwable refusal(Throwable thrown) {
    Throwable cause = thrown;
    while (cause != null) {
      if (cause instanceof IllegalArgumentException || cause instanceof IndexOutOfBoundsException) {
        return cause;
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** The params as written, for people: {@code max-iter 50, reg-param 0.01}. */
  String shown() {
    if (written.isEmpty()) {
      return "its own params";
    }
    List<String> parts = new ArrayList<>();
    written.forEach((param, value) -> parts.add(param + " " + String.join(" ", value)));
    return String.join(", ", parts);
  }

  /** Scala's {@code require} says "requirement failed" before what was asked for. */
  private static String words(Throwable e) {
    return String.valueOf(e.getMessage()).replace("requirement failed: ", "").strip();
  }

  /** Whether a fitted model still holds what training said of itself. */
  static boolean hasSummary(Object model) {
    return model instanceof HasTrainingSummary<?> summary && summary.hasSummary();
  }
}
