package io.mlpipeline.steps.train;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.RowsNeededException;
import io.mlpipeline.steps.MlColumns;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/** The label: how it is read, what it must be like, and how learners see it. */
interface Target {

  /** The column's field in the input. */
  StructField field();

  /** The label as the rows keep it, null where it is absent or NaN. */
  Column kept();

  /** Looks at all labels and refuses what cannot be learned; gives what learners need to know. */
  Counted count(Dataset<Row> rows);

  /** Refuses rows without a label. */
  static EngineException unlabelled(String column, long rows) {
    return new EngineException(
        ErrorType.STEP_FAILED,
        "label " + column + " is null in " + rows + " rows: leave them out in a step before");
  }

  /** Refuses what has no rows. */
  static EngineException noRows() {
    return new RowsNeededException("rows: there are no rows to train on; look at the step before");
  }

  /** The kept label of rows. */
  static Column column() {
    return MlColumns.named(TrainingRows.LABEL);
  }

  /** Labels after they were counted. */
  interface Counted {

    /** How many rows have a label, which is all of them. */
    long rows();

    /** The task, as signatures call it. */
    String task();

    /** The kept label as the number that learners see. */
    Column number();

    /** The values of the classes, in the order of their numbers; empty for numbers. */
    List<String> classes();

    /** How much a row counts by its class. */
    Column balance();

    /** What is worth knowing of the labels, as metrics. */
    SortedMap<String, Double> metrics();
  }
}
