package io.mlpipeline.steps;

import io.mlpipeline.step.StepContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How long a model takes to score 1,000 rows that are in the driver's memory, as one would score a
 * small batch: from rows to collected predictions, planning included. Fewer rows are repeated. Some
 * batches warm up first. Times differ from run to run, and with what else the machine does.
 */
final class ScoringLatency {

  static final String SLICE = "latency";

  private static final int ROWS = 1000;
  private static final int WARM_UP = 5;
  private static final int BATCHES = 21;

  private ScoringLatency() {}

  static Measured measure(StepContext context, EvaluatedModel model) {
    Dataset<Row> input = context.input("rows");
    List<Row> some = input.limit(ROWS).collectAsList();
    List<Row> batch = new ArrayList<>(ROWS);
    for (int i = 0; i < ROWS; i++) {
      batch.add(some.get(i % some.size()));
    }
    double[] millis = new double[WARM_UP + BATCHES];
    for (int i = 0; i < millis.length; i++) {
      long start = System.nanoTime();
      Dataset<Row> rows = context.spark().createDataFrame(batch, input.schema());
      Dataset<Row> scored =
          ModelColumns.score(model, rows.drop("prediction", "probability", "rawPrediction"));
      scored.select(said(scored)).collectAsList();
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    double[] sorted = Arrays.stream(millis).skip(WARM_UP).sorted().toArray();
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("p50_ms_per_1k_rows", rank(sorted, 0.5));
    metrics.put("p95_ms_per_1k_rows", rank(sorted, 0.95));
    return new Measured(SLICE, ROWS, false, metrics);
  }

  private static Column[] said(Dataset<Row> scored) {
    return Stream.of("prediction", "probability")
        .filter(List.of(scored.columns())::contains)
        .map(MlColumns::named)
        .toArray(Column[]::new);
  }

  /** The smallest value that this share of the values does not exceed. */
  private static double rank(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
