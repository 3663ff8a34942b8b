package io.mlpipeline.steps.train;

import io.mlpipeline.step.StepOutput;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a model says of rows, digit by digit: cheaper than its digest, and as telling. */
final class Predictions {

  private Predictions() {}

  static List<String> of(StepOutput trained, Dataset<Row> rows) {
    Dataset<Row> scored = ((Transformer) trained.models().get("model")).transform(rows);
    String[] said =
        Stream.of(scored.columns())
            .filter(column -> List.of("prediction", "rawPrediction").contains(column))
            .toArray(String[]::new);
    return scored.selectExpr(said).collectAsList().stream().map(Row::toString).toList();
  }
}
