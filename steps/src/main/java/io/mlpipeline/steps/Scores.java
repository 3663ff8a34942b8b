package io.mlpipeline.steps;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.steps.Evaluate.Params;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** The truth, the slices and every model's score of every row, in arrays of plain numbers. */
final class Scores {

  static final int MOST_ROWS = 10_000_000;
  private static final int MOST_SLICES = 1000;

  private static final String TRUTH = "__truth";
  private static final List<String> MADE_BY_MODELS =
      List.of("rawPrediction", "probability", "prediction");

  private final List<String> models;
  private final BinaryLabel label;
  private final Set<String> labels = new HashSet<>();
  private final List<Map<String, Integer>> sliceIds = new ArrayList<>();
  private int rows;
  private boolean[] truth = new boolean[1024];
  private final double[][] scores;
  private final int[][] slices;

  private Scores(List<String> models, BinaryLabel label, int sliceColumns) {
    this.models = models;
    this.label = label;
    this.scores = new double[models.size()][1024];
    this.slices = new int[sliceColumns][1024];
    for (int i = 0; i < sliceColumns; i++) {
      sliceIds.add(new HashMap<>());
    }
  }

  /** Scores all rows by all models in one pass. */
  static Scores collect(StepContext context, Params params) {
    Dataset<Row> input = context.input("rows");
    StructType schema = input.schema();
    var field = MlColumns.find(schema, "label", params.label());
    params.slices().forEach(column -> MlColumns.requireAtom(schema, "slices", column));
    BinaryLabel label = BinaryLabel.of(field.name(), field.dataType(), params.positive());
    Scores scores =
        new Scores(List.copyOf(context.models().values()), label, params.slices().size());
    // One last partition, so that the driver fetches in one job and not in one for each.
    Iterator<Row> rows = scored(context, input, label, params).repartition(1).toLocalIterator();
    while (rows.hasNext()) {
      scores.add(rows.next());
    }
    scores.check();
    return scores;
  }

  private static Dataset<Row> scored(
      StepContext context, Dataset<Row> input, BinaryLabel label, Params params) {
    Dataset<Row> rows = input.withColumn(TRUTH, label.text());
    List<Column> wanted = new ArrayList<>(List.of(MlColumns.named(TRUTH)));
    for (int i = 0; i < params.slices().size(); i++) {
      String name = "__slice" + i;
      rows = rows.withColumn(name, MlColumns.named(params.slices().get(i)).cast("string"));
      wanted.add(MlColumns.named(name));
    }
    rows = rows.drop(MADE_BY_MODELS.toArray(String[]::new));
    int model = 0;
    for (Map.Entry<String, String> port : context.models().entrySet()) {
      String score = "__score" + model++;
      rows = scored(rows, context.model(port.getKey()).transform(rows), port.getValue(), score);
      wanted.add(MlColumns.named(score));
    }
    return rows.select(wanted.toArray(Column[]::new));
  }

  private static Dataset<Row> scored(
      Dataset<Row> before, Dataset<Row> after, String model, String name) {
    if (!Arrays.asList(after.columns()).contains("probability")) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID,
          "model " + model + " gives no probability, so it cannot be measured as a classifier");
    }
    Column probabilities = vector_to_array(MlColumns.named("probability"), "float64");
    Column score = when(size(probabilities).equalTo(2), probabilities.getItem(1)).as(name);
    return after.select(
        Stream.concat(Stream.of(before.columns()).map(MlColumns::named), Stream.of(score))
            .toArray(Column[]::new));
  }

  /** Names of the models, in the order of their ports. */
  List<String> models() {
    return models;
  }

  /** A {@link BinaryMetrics#key} for each row. */
  long[] keys(int model) {
    long[] keys = new long[rows];
    for (int i = 0; i < rows; i++) {
      keys[i] = BinaryMetrics.key(scores[model][i], truth[i]);
    }
    return keys;
  }

  /** The same, by the values of a slice column. */
  Sliced sliced(int model, int column) {
    Map<String, Integer> ids = new TreeMap<>(sliceIds.get(column));
    int[] sizes = new int[ids.size()];
    for (int i = 0; i < rows; i++) {
      sizes[slices[column][i]]++;
    }
    long[][] keys = new long[sizes.length][];
    Arrays.setAll(keys, id -> new long[sizes[id]]);
    for (int i = 0; i < rows; i++) {
      int id = slices[column][i];
      keys[id][--sizes[id]] = BinaryMetrics.key(scores[model][i], truth[i]);
    }
    return new Sliced(
        List.copyOf(ids.keySet()), ids.values().stream().map(id -> keys[id]).toList());
  }

  private void add(Row row) {
    if (row.isNullAt(0)) {
      throw failed("label " + label.column() + " is null in some rows: leave them out before");
    }
    if (rows == MOST_ROWS) {
      throw failed("rows: more than " + MOST_ROWS + " rows; take a sample by key in a step before");
    }
    if (rows == truth.length) {
      grow(Math.min(MOST_ROWS, 2 * rows));
    }
    labels.add(row.getString(0));
    truth[rows] = row.getString(0).equals(label.positive());
    for (int i = 0; i < slices.length; i++) {
      String value = row.isNullAt(1 + i) ? "null" : row.getString(1 + i);
      Map<String, Integer> ids = sliceIds.get(i);
      slices[i][rows] = ids.computeIfAbsent(value, v -> ids.size());
      if (ids.size() > MOST_SLICES) {
        throw failed(
            "slices: a column has more than " + MOST_SLICES + " values: group them before");
      }
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i][rows] = score(row, 1 + slices.length + i, models.get(i));
    }
    rows++;
  }

  private static double score(Row row, int at, String model) {
    double score = row.isNullAt(at) ? Double.NaN : row.getDouble(at);
    if (!(score >= 0 && score <= 1)) {
      throw failed(
          "model "
              + model
              + " scores a row "
              + (row.isNullAt(at) ? "not by two classes" : score)
              + "; a probability was expected");
    }
    return score + 0.0;
  }

  private void grow(int capacity) {
    truth = Arrays.copyOf(truth, capacity);
    Arrays.setAll(scores, i -> Arrays.copyOf(scores[i], capacity));
    Arrays.setAll(slices, i -> Arrays.copyOf(slices[i], capacity));
  }

  private void check() {
    if (rows == 0) {
      throw new EngineException(ErrorType.INPUT_MISSING, "rows: there are no rows to measure on");
    }
    label.check(labels);
  }

  private static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }

  /**
   * Keys by slice.
   *
   * @param names the slice column's values, sorted
   * @param all the keys of each
   */
  record Sliced(List<String> names, List<long[]> all) {

    long[] keys(int slice) {
      return all.get(slice);
    }
  }
}
