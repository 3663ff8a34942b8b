package io.mlpipeline.delta;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.StructType;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What the rows of one table of events look like. */
interface EventForm<T> extends ReadForm<T> {

  /** What its commits say of who made them. */
  String engineInfo();

  /** Every column. */
  StructType schema();

  /** The one column that it is partitioned by. */
  String partition();

  /** The column whose bounds are kept for each file. */
  String bounded();

  /** The partition of an event, as text. */
  String partitionOf(T event);

  /** The value of a partition. */
  Literal literal(String partition);

  /** The order of events in a file. */
  Comparator<T> order();

  /** The values of all columns. */
  @Nullable Object[] row(T event);
}
