package io.mlpipeline.spark.gate;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** A few aggregates of the shared scan that belong together, and what became of them. */
final class Measure {

  /** Thrown by who asks for values that are not there; the message says why. */
  static final class Unmeasured extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unmeasured(@Nullable String why) {
      super(why);
    }
  }

  private final List<Column> columns;
  private @Nullable Row row;
  private @Nullable String trouble;

  Measure(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** A value that nothing has to be read for. */
  static Measure known(@Nullable Object value) {
    Measure measure = new Measure(List.of());
    measure.deliver(RowFactory.create(value));
    return measure;
  }

  List<Column> columns() {
    return columns;
  }

  void deliver(Row values) {
    row = values;
  }

  void fail(String why) {
    trouble = why;
  }

  /** Why there are no values; null if there are. */
  @Nullable String trouble() {
    return row == null && trouble == null ? "it was not measured" : trouble;
  }

  /** The values, in the order of the columns. */
  Row row() {
    if (row == null) {
      throw new Unmeasured(trouble());
    }
    return row;
  }

  /** The first value as a count; null counts as none. */
  long count() {
    return row().isNullAt(0) ? 0 : row().getLong(0);
  }
}
