package io.mlpipeline.port;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.StagedTable;

/**
 * What an audit found.
 *
 * @param table the table
 * @param digest its content digest
 * @param schemaDigest hash over names, order and types of the columns
 * @param gate what the gate said
 * @param partitions what a partitioned table holds by partition; empty for any other
 */
public record Audited(
    StagedTable table,
    ContentDigest digest,
    String schemaDigest,
    GateReport gate,
    PartitionSet partitions) {

  /** What an audit found in a table without partitions. */
  public Audited(StagedTable table, ContentDigest digest, String schemaDigest, GateReport gate) {
    this(table, digest, schemaDigest, gate, PartitionSet.EMPTY);
  }

  /** The same files, of which the gate said more. */
  public Audited with(GateReport other) {
    return new Audited(table, digest, schemaDigest, other, partitions);
  }

  /** What it is once it is published. */
  public OutputVersion version(long version) {
    return OutputVersion.of(table, version, digest.toString(), schemaDigest, digest.rows());
  }
}
