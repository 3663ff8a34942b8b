package io.mlpipeline.steps;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.steps.evaluate.ModelScores;
import io.mlpipeline.steps.evaluate.Yardstick;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What is read of each row for a task, and how it becomes numbers. Made for one evaluation. */
interface ScoreReader {

  /** The truth, as a column of the input. */
  Column truth();

  /** What a model says, as columns of the rows that it scored. */
  List<Column> says(EvaluatedModel model, Dataset<Row> scored);

  /** How many numbers {@link #read} makes of what a model says. */
  int outputs();

  /** Looks at all scored rows before they are read, where the task needs that. */
  default void prepare(ScoredColumns columns) {}

  /** The truth of a row. */
  double truth(Row row, int at);

  /**
   * Reads what a model says of a row.
   *
   * @param at where it begins
   * @param to where each output goes, at {@code index}
   */
  void read(Row row, int at, EvaluatedModel model, double[][] to, int index);

  /** Refuses what cannot be measured, after all rows were read. */
  void check(double[] truth, int rows);

  /** What these numbers are measured by; may renumber them first. */
  Yardstick yardstick(List<ModelScores> scores);

  /** The reader for a task. */
  static ScoreReader of(
      StepContext context,
      Evaluate.Task task,
      List<EvaluatedModel> models,
      Evaluate.Params params) {
    StructType schema = context.input("rows").schema();
    return switch (task) {
      case BINARY_CLASSIFICATION -> BinaryReader.of(schema, params);
      case MULTICLASS_CLASSIFICATION -> MultiClassReader.of(context, models, params);
      case REGRESSION, RECOMMENDATION -> NumberReader.of(task, schema, params);
      case CLUSTERING -> new ClusterReader(models);
      case AUTO -> throw new IllegalArgumentException("the task is not known yet");
    };
  }

  /** The column that a model adds; refused where it does not. */
  static Column added(EvaluatedModel model, Dataset<Row> scored, String column, String otherwise) {
    if (!List.of(scored.columns()).contains(column)) {
      throw new EngineException(
          ErrorType.CONFIG_INVALID, "model " + model.described() + " " + otherwise);
    }
    return MlColumns.named(column);
  }

  static EngineException failed(String message) {
    return new EngineException(ErrorType.STEP_FAILED, message);
  }
}
