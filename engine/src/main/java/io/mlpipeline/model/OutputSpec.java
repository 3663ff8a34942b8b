package io.mlpipeline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step publishes at one port.
 *
 * @param port the step's port
 * @param name the dataset's or model's name
 * @param schema the contract, or null
 * @param partitionBy partition columns, in order; empty for none
 * @param keys columns that name a row; empty if none were declared
 * @param gate rules that must hold before anybody can see it
 * @param mode what becomes of the rows that the table holds already; merging needs keys, replacing
 *     by partition needs a partition column
 * @param sink a table of a database that follows this one; null for none; needs keys
 * @param at where it was written
 */
public record OutputSpec(
    String port,
    String name,
    @Nullable SchemaSpec schema,
    List<String> partitionBy,
    List<String> keys,
    GateSpec gate,
    OutputMode mode,
    @Nullable SinkSpec sink,
    SourceLocation at) {

  public OutputSpec {
    Names.check("dataset", name);
    partitionBy = List.copyOf(partitionBy);
    keys = List.copyOf(keys);
    if (keys.isEmpty() && (mode == OutputMode.MERGE || sink != null)) {
      throw new IllegalArgumentException("output " + name + " needs keys for its mode or sink");
    }
    if (mode == OutputMode.PARTITIONS && partitionBy.isEmpty()) {
      throw new IllegalArgumentException("output " + name + " has no partition for its mode");
    }
  }

  /** An output that replaces what was there, and that nothing follows. */
  public OutputSpec(
      String port,
      String name,
      @Nullable SchemaSpec schema,
      List<String> partitionBy,
      List<String> keys,
      GateSpec gate,
      SourceLocation at) {
    this(port, name, schema, partitionBy, keys, gate, OutputMode.REPLACE, null, at);
  }

  public boolean merges() {
    return mode == OutputMode.MERGE;
  }

  /** Whether the step is asked for some partitions, and the others stay. */
  public boolean isByPartition() {
    return mode == OutputMode.PARTITIONS;
  }

  /** The same output, judged by another gate. */
  public OutputSpec withGate(GateSpec other) {
    return new OutputSpec(port, name, schema, partitionBy, keys, other, mode, sink, at);
  }

  /** The same output, judged by another gate, and followed by nothing. */
  public OutputSpec unfollowed(GateSpec other) {
    return new OutputSpec(port, name, schema, partitionBy, keys, other, mode, null, at);
  }

  /** The same output made as a whole, judged by another gate, and followed by nothing. */
  public OutputSpec apart(GateSpec other) {
    OutputMode whole = isByPartition() ? OutputMode.REPLACE : mode;
    return new OutputSpec(port, name, schema, partitionBy, keys, other, whole, null, at);
  }
}
