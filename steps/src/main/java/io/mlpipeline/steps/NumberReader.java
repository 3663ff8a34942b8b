package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.lit;

import io.mlpipeline.steps.Evaluate.Task;
import io.mlpipeline.steps.evaluate.ModelScores;
import io.mlpipeline.steps.evaluate.RecommendationYardstick;
import io.mlpipeline.steps.evaluate.RegressionYardstick;
import io.mlpipeline.steps.evaluate.Yardstick;
import java.util.List;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Numbers, or ratings of items by users: a model says a number, of a user whom it knows. */
final class NumberReader implements ScoreReader {

  private final Task task;
  private final String label;
  private final int k;

  private NumberReader(Task task, String label, int k) {
    this.task = task;
    this.label = label;
    this.k = k;
  }

  static NumberReader of(Task task, StructType schema, Evaluate.Params params) {
    MlColumns.requireNumber(schema, "label", params.label());
    return new NumberReader(
        task, MlColumns.find(schema, "label", params.label()).name(), params.k());
  }

  @Override
  public Column truth() {
    return MlColumns.number(MlColumns.named(label));
  }

  @Override
  public List<Column> says(EvaluatedModel model, Dataset<Row> scored) {
    Column prediction =
        ScoreReader.added(model, scored, "prediction", "gives no prediction").cast("double");
    if (task == Task.REGRESSION) {
      return List.of(prediction);
    }
    Column user =
        ModelTasks.predictor(model.model())
            .filter(ALSModel.class::isInstance)
            .map(als -> MlColumns.named(((ALSModel) als).getUserCol()))
            .orElse(lit(null));
    return List.of(prediction, user.cast("double"));
  }

  @Override
  public int outputs() {
    return task == Task.REGRESSION ? 1 : 2;
  }

  @Override
  public double truth(Row row, int at) {
    double truth = row.isNullAt(at) ? Double.NaN : row.getDouble(at);
    if (!Double.isFinite(truth)) {
      throw ScoreReader.failed(
          "label " + label + " is null, NaN or infinite in some rows: leave them out before");
    }
    return truth;
  }

  @Override
  public void read(Row row, int at, EvaluatedModel model, double[][] to, int index) {
    for (int i = 0; i < to.length; i++) {
      to[i][index] = row.isNullAt(at + i) ? Double.NaN : row.getDouble(at + i) + 0.0;
    }
    double prediction = to[0][index];
    boolean isUnknown = task == Task.RECOMMENDATION && Double.isNaN(prediction);
    if (!Double.isFinite(prediction) && !isUnknown) {
      throw ScoreReader.failed(
          "model " + model.described() + " predicts " + prediction + "; a number was expected");
    }
  }

  @Override
  public void check(double[] truth, int rows) {
    for (int i = 1; i < rows; i++) {
      if (truth[i] != truth[0]) {
        return;
      }
    }
    throw ScoreReader.failed("label " + label + " has one value only: " + truth[0]);
  }

  @Override
  public Yardstick yardstick(List<ModelScores> scores) {
    return task == Task.REGRESSION ? new RegressionYardstick() : new RecommendationYardstick(k);
  }
}
