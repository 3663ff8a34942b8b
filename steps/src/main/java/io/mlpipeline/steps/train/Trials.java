package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a search tried and measured; trials are numbered from 1 in the order of the settings.
 *
 * @param points the settings of each trial
 * @param parts the metrics by part of the rows, and there by trial
 * @param means the metrics of each trial, the mean of its parts
 * @param metric the metric that decided
 * @param best the place of the best trial; of equal ones the first
 */
record Trials(
    List<SortedMap<String, String>> points,
    List<List<SortedMap<String, Double>>> parts,
    List<SortedMap<String, Double>> means,
    String metric,
    int best) {

  private static final StructType SCHEMA =
      new StructType()
          .add("trial", DataTypes.IntegerType)
          .add("part", DataTypes.IntegerType)
          .add("params", DataTypes.StringType)
          .add("metric", DataTypes.StringType)
          .add("value", DataTypes.DoubleType)
          .add("chosen", DataTypes.BooleanType);

  static Trials of(
      List<SortedMap<String, String>> points,
      List<List<SortedMap<String, Double>>> parts,
      String metric) {
    List<SortedMap<String, Double>> means = new ArrayList<>();
    for (int trial = 0; trial < points.size(); trial++) {
      SortedMap<String, Double> mean = new TreeMap<>();
      for (List<SortedMap<String, Double>> part : parts) {
        part.get(trial)
            .forEach((name, value) -> mean.merge(name, value / parts.size(), Double::sum));
      }
      means.add(mean);
    }
    return new Trials(points, parts, means, metric, best(means, metric));
  }

  private static int best(List<SortedMap<String, Double>> means, String metric) {
    double sign = TrialScore.isLowerBetter(metric) ? -1 : 1;
    int best = -1;
    for (int i = 0; i < means.size(); i++) {
      double value = value(means.get(i), metric);
      if (Double.isFinite(value)
          && (best < 0 || sign * value > sign * value(means.get(best), metric))) {
        best = i;
      }
    }
    if (best < 0) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "no trial has a finite "
              + metric
              + ", such as where a part of the rows holds one class only: use fewer folds, or"
              + " another metric");
    }
    return best;
  }

  private static double value(SortedMap<String, Double> metrics, String metric) {
    return metrics.getOrDefault(metric, Double.NaN);
  }

  /** The best settings, as the learner takes them. */
  Map<String, List<String>> bestSettings() {
    return lists(points.get(best));
  }

  static Map<String, List<String>> lists(SortedMap<String, String> point) {
    Map<String, List<String>> lists = new TreeMap<>();
    point.forEach((name, value) -> lists.put(name, List.of(value)));
    return lists;
  }

  /** Everything as metrics; a param that is no number counts from 0 in the order of the search. */
  SortedMap<String, Double> metrics(Map<String, List<String>> search) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("trials", (double) points.size());
    metrics.put("best_trial", best + 1.0);
    for (int i = 0; i < points.size(); i++) {
      String trial = "trial." + (i + 1) + ".";
      means.get(i).forEach((name, value) -> putFinite(metrics, trial + name, value));
      points
          .get(i)
          .forEach(
              (name, value) ->
                  metrics.put(trial + name, number(value, search.getOrDefault(name, List.of()))));
    }
    return metrics;
  }

  private static void putFinite(SortedMap<String, Double> to, String name, double value) {
    if (Double.isFinite(value)) {
      to.put(name, value);
    }
  }

  private static double number(String value, List<String> values) {
    return ParamsCheck.isNumber(value) ? Double.parseDouble(value) : values.indexOf(value);
  }

  /** A row for each trial, part of the rows (null for the mean of all) and metric. */
  Dataset<Row> table(SparkSession session) {
    List<Row> rows = new ArrayList<>();
    for (int trial = 0; trial < points.size(); trial++) {
      String settings =
          String.join(
              ", ",
              points.get(trial).entrySet().stream()
                  .map(e -> e.getKey() + "=" + e.getValue())
                  .toList());
      add(rows, trial, null, settings, means.get(trial));
      for (int part = 0; part < parts.size(); part++) {
        add(rows, trial, part + 1, settings, parts.get(part).get(trial));
      }
    }
    return session.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  private void add(
      List<Row> rows,
      int trial,
      @Nullable Integer part,
      String settings,
      SortedMap<String, Double> metrics) {
    metrics.forEach(
        (name, value) ->
            rows.add(
                RowFactory.create(
                    trial + 1,
                    part,
                    settings,
                    name,
                    Double.isFinite(value) ? value : null,
                    trial == best)));
  }
}
