package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Names;
import io.mlpipeline.steps.Evaluate.Params;
import io.mlpipeline.steps.Evaluate.Task;
import io.mlpipeline.steps.evaluate.MetricNames;
import io.mlpipeline.steps.evaluate.TopRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructType;

/** Refuses params that cannot be meant. */
final class EvaluateChecks {

  private static final int FEWEST_RESAMPLES = 100;
  private static final int MOST_RESAMPLES = 100_000;

  private EvaluateChecks() {}

  static void check(Params params) {
    require(
        params.threshold() >= 0 && params.threshold() <= 1,
        "threshold is " + params.threshold() + "; it must be from 0 to 1");
    int resamples = params.bootstrap();
    require(
        resamples == 0 || (resamples >= FEWEST_RESAMPLES && resamples <= MOST_RESAMPLES),
        "bootstrap is %d; it must be 0, for no gains over the champion, or from %d to %d"
            .formatted(resamples, FEWEST_RESAMPLES, MOST_RESAMPLES));
    double confidence = params.confidence();
    require(
        confidence >= 0.5 && confidence < 1,
        "confidence is " + confidence + "; it must be from 0.5 to below 1, such as 0.95");
    double outside = (1 - confidence) / 2 * resamples;
    require(
        resamples == 0 || outside >= 1,
        "bootstrap is %d, which leaves no resample beyond bounds of confidence %s: raise bootstrap"
            .formatted(resamples, confidence));
    require(
        params.minSliceRows() >= 1,
        "min-slice-rows is " + params.minSliceRows() + "; it must be at least 1");
    require(params.k() >= 1, "k is " + params.k() + "; it must be at least 1");
    tops(params);
  }

  /** What {@code top} says. */
  static List<TopRows> tops(Params params) {
    Map<String, TopRows> tops = new LinkedHashMap<>();
    for (String text : params.top()) {
      TopRows top = TopRows.find(text).orElse(null);
      require(
          top != null,
          "top has '"
              + text
              + "'; write a number of rows from 1 to 999999999, or a share of them such as 5%");
      if (top != null) {
        tops.putIfAbsent(top.name(), top);
      }
    }
    return List.copyOf(tops.values());
  }

  /** Columns that params name are there; said before a model is loaded. */
  static void check(StructType rows, Params params) {
    params.sliceColumns().forEach(column -> MlColumns.requireAtom(rows, "slices", column));
    if (!params.label().isEmpty()) {
      MlColumns.find(rows, "label", params.label());
    }
  }

  static void check(Task task, Params params) {
    require(
        task == Task.CLUSTERING || !params.label().isEmpty(),
        "label is missing: name the column that holds the truth");
    require(
        task == Task.BINARY_CLASSIFICATION || params.protectedColumns().isEmpty(),
        "protected-columns are for two classes, where a model says yes or no; use slices");
    require(
        task == Task.BINARY_CLASSIFICATION || params.positive().isEmpty(),
        "positive is for two classes; the task is " + Names.kebab(task.name()) + ": take it out");
    require(
        task == Task.BINARY_CLASSIFICATION || params.top().isEmpty(),
        "top is for two classes; the task is " + Names.kebab(task.name()) + ": take it out");
    Map<String, String> parts = new TreeMap<>();
    for (String column : params.protectedColumns()) {
      String other = parts.putIfAbsent(MetricNames.part(column), column);
      require(
          other == null || other.equals(column),
          "protected-columns: the gaps of "
              + other
              + " and "
              + column
              + " would have one name; rename one of them");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new EngineException(ErrorType.CONFIG_INVALID, "evaluate: " + otherwise);
    }
  }
}
