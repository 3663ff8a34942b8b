package io.mlpipeline.steps;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows that every model has scored: the truth, the slices, and what each model says.
 *
 * @param rows the rows, in one partition, so that the driver fetches them in one job
 * @param models the models, in the order of their columns
 * @param starts where the columns of each model begin
 */
record ScoredColumns(Dataset<Row> rows, List<EvaluatedModel> models, List<Integer> starts) {

  ScoredColumns {
    models = List.copyOf(models);
    starts = List.copyOf(starts);
  }

  Iterator<Row> read() {
    return rows.toLocalIterator();
  }
}
