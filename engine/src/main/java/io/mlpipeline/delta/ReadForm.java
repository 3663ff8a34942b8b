package io.mlpipeline.delta;

import io.delta.kernel.types.StructType;

/** What is read of the rows of one table of events. */
interface ReadForm<T> {

  /** The table's name in messages, such as {@code lineage table}. */
  String what();

  /** The columns that are read. */
  StructType read();

  /** What they say; throws RuntimeException if it is none of ours. */
  T event(Values row);
}
