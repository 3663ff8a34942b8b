package io.mlpipeline.steps;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.steps.evaluate.BinaryYardstick;
import io.mlpipeline.steps.evaluate.ModelScores;
import io.mlpipeline.steps.evaluate.TopRows;
import io.mlpipeline.steps.evaluate.Yardstick;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Two classes: the truth is whether the label is the positive one; a model says a probability. */
final class BinaryReader implements ScoreReader {

  private final BinaryLabel label;
  private final double threshold;
  private final List<TopRows> tops;
  private final Set<String> labels = new HashSet<>();

  private BinaryReader(BinaryLabel label, double threshold, List<TopRows> tops) {
    this.label = label;
    this.threshold = threshold;
    this.tops = tops;
  }

  static BinaryReader of(StructType schema, Evaluate.Params params) {
    var field = MlColumns.find(schema, "label", params.label());
    return new BinaryReader(
        BinaryLabel.of(field.name(), field.dataType(), params.positive()),
        params.threshold(),
        EvaluateChecks.tops(params));
  }

  @Override
  public Column truth() {
    return label.text();
  }

  @Override
  public List<Column> says(EvaluatedModel model, Dataset<Row> scored) {
    Column probability =
        ScoreReader.added(
            model,
            scored,
            "probability",
            "gives no probability, so it cannot be measured as a classifier of two classes");
    Column probabilities = vector_to_array(probability, "float64");
    return List.of(when(size(probabilities).equalTo(2), probabilities.getItem(1)));
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public double truth(Row row, int at) {
    if (row.isNullAt(at)) {
      throw ScoreReader.failed(
          "label " + label.column() + " is null in some rows: leave them out before");
    }
    labels.add(row.getString(at));
    return row.getString(at).equals(label.positive()) ? 1 : 0;
  }

  @Override
  public void read(Row row, int at, EvaluatedModel model, double[][] to, int index) {
    double score = row.isNullAt(at) ? Double.NaN : row.getDouble(at);
    if (!(score >= 0 && score <= 1)) {
      throw ScoreReader.failed(
          "model "
              + model.described()
              + " scores a row "
              + (row.isNullAt(at) ? "not by two classes" : score)
              + "; a probability was expected");
    }
    to[0][index] = score + 0.0;
  }

  @Override
  public void check(double[] truth, int rows) {
    label.check(labels);
  }

  @Override
  public Yardstick yardstick(List<ModelScores> scores) {
    return new BinaryYardstick(threshold, tops);
  }
}
