package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Measures any number of models of two classes on held-out rows, on all of them and on slices.
 *
 * <p>The table {@code metrics} has a row for each model, slice ({@code all}, {@code plan=basic})
 * and metric: {@code rows}, {@code auc_roc}, {@code auc_pr}, {@code log_loss}, {@code accuracy},
 * {@code f1}; {@code rows} beside the value says on how many rows it stands. The same go to the
 * step's metrics as {@code <model>.auc_roc} and {@code <model>.auc_roc[plan=basic]}. A metric that
 * does not exist, such as an AUC of one class, has no row; a slice that is too small has {@code
 * rows} only.
 *
 * <p>Values are exact and do not depend on the order or partitions of the rows: see {@link
 * BinaryMetrics}. All models score the rows in one pass; the scores are measured in the driver, 9
 * bytes a row and model and 4 a row and slice column, up to 10 million rows.
 *
 * <p>Refused: no rows, labels that are null or of other than two values, a model that gives no
 * probability.
 */
@StepType(
    value = "evaluate",
    inputs = {@Port("rows"), @Port(value = "*", kind = OutputKind.MODEL)},
    outputs = @Port("metrics"))
public final class Evaluate implements Step<Evaluate.Params> {

  static final String ALL = "all";

  private static final StructType SCHEMA =
      new StructType()
          .add("model", DataTypes.StringType)
          .add("slice", DataTypes.StringType)
          .add("metric", DataTypes.StringType)
          .add("value", DataTypes.DoubleType)
          .add("rows", DataTypes.LongType);

  /**
   * How to measure.
   *
   * @param label the column that holds the truth
   * @param positive the value that counts as 1; may be left out for booleans and for 0 and 1
   * @param slices columns; each of their values is measured on its own too
   * @param minSliceRows slices of fewer rows get no metrics
   * @param threshold a probability above it counts as a yes, for accuracy and F1
   */
  public record Params(
      String label,
      @Default("") String positive,
      @Default("") List<String> slices,
      @Default("30") long minSliceRows,
      @Default("0.5") double threshold) {

    public Params {
      slices = List.copyOf(slices);
    }
  }

  @Override
  public StepOutput run(StepContext context, Params params) {
    check(context, params);
    Scores scores = Scores.collect(context, params);
    List<Row> table = new ArrayList<>();
    SortedMap<String, Double> metrics = new TreeMap<>();
    for (int model = 0; model < scores.models().size(); model++) {
      String name = scores.models().get(model);
      for (Measured slice : measure(scores, model, params)) {
        for (Map.Entry<String, Double> metric : slice.metrics.entrySet()) {
          String key = metric.getKey();
          table.add(RowFactory.create(name, slice.name, key, metric.getValue(), slice.rows));
          metrics.put(metricName(name, slice.name, key), metric.getValue());
        }
      }
    }
    warn(context, metrics);
    StepOutput output =
        StepOutput.table("metrics", context.spark().createDataFrame(table, SCHEMA).coalesce(1));
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      output = output.withMetric(metric.getKey(), metric.getValue());
    }
    return output;
  }

  private static String metricName(String model, String slice, String metric) {
    return model + "." + metric + (slice.equals(ALL) ? "" : "[" + slice + "]");
  }

  private static void check(StepContext context, Params params) {
    if (context.models().isEmpty()) {
      throw invalid("evaluate has no model: bind at least one under inputs");
    }
    if (new TreeSet<>(context.models().values()).size() < context.models().size()) {
      throw invalid("evaluate has one model at two ports: " + context.models());
    }
    if (!(params.threshold() >= 0 && params.threshold() <= 1)) {
      throw invalid("threshold is " + params.threshold() + "; it must be from 0 to 1");
    }
  }

  private static List<Measured> measure(Scores scores, int model, Params params) {
    List<Measured> all = new ArrayList<>();
    long[] everything = scores.keys(model);
    all.add(measured(ALL, everything, 0, params));
    for (int column = 0; column < params.slices().size(); column++) {
      Scores.Sliced sliced = scores.sliced(model, column);
      for (int i = 0; i < sliced.names().size(); i++) {
        String name = params.slices().get(column) + "=" + sliced.names().get(i);
        all.add(measured(name, sliced.keys(i), params.minSliceRows(), params));
      }
    }
    return all;
  }

  private static Measured measured(String slice, long[] keys, long least, Params params) {
    Map<String, Double> metrics =
        keys.length < least
            ? Map.of("rows", (double) keys.length)
            : BinaryMetrics.of(keys, params.threshold()).byName();
    return new Measured(slice, keys.length, metrics);
  }

  private static void warn(StepContext context, SortedMap<String, Double> metrics) {
    for (String model : context.models().values()) {
      if (Double.valueOf(1).equals(metrics.get(model + ".auc_roc"))) {
        context.log().warn("{} separates every row: does a feature give the label away?", model);
      }
    }
  }

  private static EngineException invalid(String message) {
    return new EngineException(ErrorType.CONFIG_INVALID, message);
  }

  private record Measured(String name, long rows, Map<String, Double> metrics) {}
}
