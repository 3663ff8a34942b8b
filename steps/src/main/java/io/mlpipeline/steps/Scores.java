package io.mlpipeline.steps;

import io.mlpipeline.step.RowsNeededException;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.steps.Evaluate.Params;
import io.mlpipeline.steps.Evaluate.Task;
import io.mlpipeline.steps.evaluate.ModelScores;
import io.mlpipeline.steps.evaluate.Yardstick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** The truth, the slices and what every model says of every row, in arrays of plain numbers. */
final class Scores {

  static final int MOST_ROWS = 10_000_000;

  /** The column of the truth, as models' {@link ScoreReader#says} may ask for it. */
  static final String TRUTH = "__truth";

  private static final List<String> MADE_BY_MODELS =
      List.of("rawPrediction", "probability", "prediction");

  private final ScoreReader reader;
  private final ScoredColumns columns;
  private final List<SliceColumn> slices;
  private double[] truth = new double[1024];
  private final double[][][] outputs;
  private int rows;
  private final List<ModelScores> scores = new ArrayList<>();
  private final Yardstick yardstick;

  private Scores(ScoreReader reader, ScoredColumns columns, List<String> slices) {
    this.reader = reader;
    this.columns = columns;
    this.slices = slices.stream().map(SliceColumn::new).toList();
    this.outputs = new double[columns.models().size()][reader.outputs()][1024];
    Iterator<Row> all = columns.read();
    while (all.hasNext()) {
      add(all.next());
    }
    if (rows == 0) {
      throw new RowsNeededException("rows: there are no rows to measure on");
    }
    reader.check(truth, rows);
    resize(rows);
    for (double[][] model : outputs) {
      scores.add(new ModelScores(truth, model));
    }
    this.yardstick = reader.yardstick(scores);
  }

  /** Scores all rows by all models in one pass. */
  static Scores collect(
      StepContext context, List<EvaluatedModel> models, Task task, Params params) {
    Dataset<Row> input = context.input("rows");
    List<String> slices = params.sliceColumns();
    slices.forEach(column -> MlColumns.requireAtom(input.schema(), "slices", column));
    ScoreReader reader = ScoreReader.of(context, task, models, params);
    ScoredColumns columns = scored(input, reader, models, slices);
    if (task != Task.CLUSTERING) {
      return new Scores(reader, columns, slices);
    }
    columns.rows().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      reader.prepare(columns);
      return new Scores(reader, columns, slices);
    } finally {
      columns.rows().unpersist();
    }
  }

  private static ScoredColumns scored(
      Dataset<Row> input, ScoreReader reader, List<EvaluatedModel> models, List<String> slices) {
    Dataset<Row> rows = input.withColumn(TRUTH, reader.truth());
    List<Column> wanted = new ArrayList<>(List.of(MlColumns.named(TRUTH)));
    for (int i = 0; i < slices.size(); i++) {
      String name = "__slice" + i;
      rows = rows.withColumn(name, MlColumns.named(slices.get(i)).cast("string"));
      wanted.add(MlColumns.named(name));
    }
    rows = rows.drop(MADE_BY_MODELS.toArray(String[]::new));
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      starts.add(wanted.size());
      Dataset<Row> scored = ModelColumns.score(models.get(i), rows);
      List<Column> says = reader.says(models.get(i), scored);
      List<Column> kept =
          new ArrayList<>(Arrays.stream(rows.columns()).map(MlColumns::named).toList());
      for (int j = 0; j < says.size(); j++) {
        String name = "__says" + i + "_" + j;
        kept.add(says.get(j).as(name));
        wanted.add(MlColumns.named(name));
      }
      rows = scored.select(kept.toArray(Column[]::new));
    }
    // One last partition, so that the driver fetches in one job and not in one for each.
    Dataset<Row> last = rows.select(wanted.toArray(Column[]::new)).repartition(1);
    return new ScoredColumns(last, models, starts);
  }

  private void add(Row row) {
    if (rows == MOST_ROWS) {
      throw ScoreReader.failed(
          "rows: more than " + MOST_ROWS + " rows; take a sample by key in a step before");
    }
    if (rows == truth.length) {
      resize(Math.min(MOST_ROWS, 2 * rows));
    }
    truth[rows] = reader.truth(row, 0);
    for (int i = 0; i < slices.size(); i++) {
      slices.get(i).add(row.isNullAt(1 + i) ? "null" : row.getString(1 + i));
    }
    for (int i = 0; i < outputs.length; i++) {
      reader.read(row, columns.starts().get(i), columns.models().get(i), outputs[i], rows);
    }
    rows++;
  }

  private void resize(int capacity) {
    truth = Arrays.copyOf(truth, capacity);
    Stream.of(outputs)
        .forEach(model -> Arrays.setAll(model, i -> Arrays.copyOf(model[i], capacity)));
  }

  int rows() {
    return rows;
  }

  ModelScores of(EvaluatedModel model) {
    return scores.get(columns.models().indexOf(model));
  }

  List<SliceColumn> slices() {
    return slices;
  }

  Yardstick yardstick() {
    return yardstick;
  }
}
