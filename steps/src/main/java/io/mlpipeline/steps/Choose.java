package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.col;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import io.mlpipeline.steps.evaluate.MetricNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Returns the best of several models by a metric that {@code evaluate} measured; of equal ones the
 * first by the name of its port. Nothing is copied.
 *
 * <p>The model at a port {@code champion} is no candidate: it is there to be measured against.
 *
 * <p>Gives the metrics {@code <metric>}, the chosen one's value, and {@code chosen.<model>}, 1 for
 * the chosen one and 0 for the others. Refused: a model without the metric, or with one that is no
 * number, or with two.
 */
@StepType(
    value = "choose",
    inputs = {@Port("metrics"), @Port(value = "*", kind = OutputKind.MODEL)},
    outputs = @Port(value = "model", kind = OutputKind.MODEL))
public final class Choose implements Step<Choose.Params> {

  /** Which values are better. */
  public enum Direction {
    /** By the metric, for those of {@code evaluate} that are better in one direction. */
    AUTO,
    HIGHER,
    LOWER
  }

  /**
   * What to choose by.
   *
   * @param metric the metric's name
   * @param slice the slice, {@code all} or such as {@code plan=basic}
   * @param direction which values are better
   */
  public record Params(
      @Default("auc_roc") String metric,
      @Default("all") String slice,
      @Default("auto") Direction direction) {}

  @Override
  public StepOutput run(StepContext context, Params params) {
    SortedMap<String, String> candidates = new TreeMap<>(context.models());
    candidates.remove(Evaluate.CHAMPION);
    if (candidates.isEmpty()) {
      throw invalid("choose has no model: bind at least one under inputs");
    }
    boolean lower = isLowerBetter(params);
    Map<String, List<Row>> rows = rows(context.input("metrics"), params);
    String best = "";
    double bestValue = Double.NaN;
    for (Map.Entry<String, String> port : candidates.entrySet()) {
      double value = value(rows, port.getValue(), params);
      if (best.isEmpty() || (lower ? value < bestValue : value > bestValue)) {
        best = port.getKey();
        bestValue = value;
      }
    }
    context.log().info("chose {} by {} {}", candidates.get(best), params.metric(), bestValue);
    return output(candidates, params, best, bestValue);
  }

  private static StepOutput output(
      SortedMap<String, String> candidates, Params params, String best, double bestValue) {
    StepOutput output = StepOutput.sameModel("model", best).withMetric(params.metric(), bestValue);
    for (Map.Entry<String, String> port : candidates.entrySet()) {
      output = output.withMetric("chosen." + port.getValue(), port.getKey().equals(best) ? 1 : 0);
    }
    return output;
  }

  private static boolean isLowerBetter(Params params) {
    return switch (params.direction()) {
      case HIGHER -> false;
      case LOWER -> true;
      case AUTO ->
          MetricNames.better(params.metric())
                  .orElseThrow(
                      () ->
                          invalid(
                              "choose does not know whether a higher "
                                  + params.metric()
                                  + " is better: say direction: higher or lower"))
              == MetricNames.Better.LOWER;
    };
  }

  private static Map<String, List<Row>> rows(Dataset<Row> metrics, Params params) {
    for (String column : List.of("model", "slice", "metric", "value")) {
      MlColumns.find(metrics.schema(), "choose", column);
    }
    Map<String, List<Row>> byModel = new TreeMap<>();
    metrics
        .where(col("slice").equalTo(params.slice()))
        .select(col("model"), col("metric"), col("value").cast("double"))
        .collectAsList()
        .forEach(row -> byModel.computeIfAbsent(row.getString(0), m -> new ArrayList<>()).add(row));
    return byModel;
  }

  private static double value(Map<String, List<Row>> rows, String model, Params params) {
    List<Row> measured = rows.getOrDefault(model, List.of());
    List<Row> values =
        measured.stream().filter(row -> params.metric().equals(row.getString(1))).toList();
    String what = params.metric() + " of " + model + " on slice " + params.slice();
    if (values.isEmpty()) {
      TreeSet<String> others = new TreeSet<>();
      measured.forEach(row -> others.add(String.valueOf(row.get(1))));
      throw failed("there is no " + what + (others.isEmpty() ? "" : "; there is " + others));
    }
    if (values.size() > 1) {
      throw failed("there are " + values.size() + " values for the " + what);
    }
    double value = values.get(0).isNullAt(2) ? Double.NaN : values.get(0).getDouble(2);
    if (!Double.isFinite(value)) {
      throw failed("the " + what + " is " + value + ", by which nothing can be chosen");
    }
    return value;
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }
}
