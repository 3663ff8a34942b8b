package io.mlpipeline.steps.evaluate;

import java.util.Optional;
import java.util.SortedMap;

/** How models of one task are measured. No result depends on the order of the rows. */
public interface Yardstick {

  /**
   * The metrics of some rows by name, {@code rows} among them. A metric that these rows do not
   * define, such as an AUC of one class, is absent; none is NaN or infinite.
   *
   * @param rows indexes of the rows, each once
   */
  SortedMap<String, Double> measure(ModelScores scores, int[] rows);

  /** The same, and what is told of all rows only. */
  default SortedMap<String, Double> measureAll(ModelScores scores, int[] rows) {
    return measure(scores, rows);
  }

  /** What is told of rows that are too few for metrics. */
  default SortedMap<String, Double> count(ModelScores scores, int[] rows) {
    return Tally.of(rows.length);
  }

  /**
   * How much better a model is than another on the same rows; empty where models of this task
   * cannot be compared.
   */
  Optional<Gains> gains(ModelScores model, ModelScores champion, RowGroups groups);
}
