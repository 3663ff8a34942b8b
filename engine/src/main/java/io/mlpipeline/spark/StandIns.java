package io.mlpipeline.spark;

import io.mlpipeline.step.RowSample;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What attempts read in the place of what is published: a sample of it, none of its rows, or rows
 * that somebody wrote by hand.
 */
public interface StandIns {

  /** Everything is read as it is. */
  StandIns NONE =
      new StandIns() {
        @Override
        public Dataset<Row> rows(
            SparkSession spark, String dataset, Supplier<Dataset<Row>> published) {
          return published.get();
        }
      };

  /**
   * The rows of a dataset.
   *
   * @param published reads what it holds
   */
  Dataset<Row> rows(SparkSession spark, String dataset, Supplier<Dataset<Row>> published);

  /** Which rows of the files of a dataset a step that reads them itself is to take. */
  default Optional<RowSample> sample(String dataset) {
    return Optional.empty();
  }

  /** Whether the files' statistics speak of the rows that are read. */
  default boolean isWhole(String dataset) {
    return true;
  }

  /** Why a model is not there; empty if it should be. */
  default Optional<String> findAbsence(String model) {
    return Optional.empty();
  }
}
