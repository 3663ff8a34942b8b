package io.mlpipeline.steps;

import io.mlpipeline.step.StepOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table {@code metrics} of {@code evaluate}, as it grows. */
final class Evidence {

  static final StructType SCHEMA =
      new StructType()
          .add("model", DataTypes.StringType)
          .add("slice", DataTypes.StringType)
          .add("metric", DataTypes.StringType)
          .add("value", DataTypes.DoubleType)
          .add("rows", DataTypes.LongType)
          .add("digest", DataTypes.StringType)
          .add("holdout", DataTypes.StringType)
          .add("small", DataTypes.BooleanType);

  private final String holdout;
  private final List<Row> table = new ArrayList<>();
  private final SortedMap<String, Double> metrics = new TreeMap<>();

  /**
   * @param holdout the identity of the rows that were measured on
   */
  Evidence(String holdout) {
    this.holdout = holdout;
  }

  void add(EvaluatedModel model, Measured measured) {
    String slice = measured.slice();
    for (Map.Entry<String, Double> metric : measured.metrics().entrySet()) {
      table.add(
          RowFactory.create(
              model.name(),
              slice,
              metric.getKey(),
              metric.getValue(),
              measured.rows(),
              model.digest(),
              holdout,
              measured.isSmall()));
      String suffix = slice.equals(Evaluate.ALL) ? "" : "[" + slice + "]";
      metrics.put(model.name() + "." + metric.getKey() + suffix, metric.getValue());
    }
  }

  StepOutput output(SparkSession spark) {
    StepOutput output =
        StepOutput.table("metrics", spark.createDataFrame(table, SCHEMA).coalesce(1));
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      output = output.withMetric(metric.getKey(), metric.getValue());
    }
    return output;
  }
}
