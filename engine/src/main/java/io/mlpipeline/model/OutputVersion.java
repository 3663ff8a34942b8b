package io.mlpipeline.model;

import org.jspecify.annotations.Nullable;

/**
 * A dataset version or a model version that a step published.
 *
 * @param kind table or model
 * @param port the step's port
 * @param name the dataset's or model's name
 * @param uri where it is, relative to the warehouse: {@code churn/features} for a table, {@code
 *     _ml/models/churn/churn_lr/<attempt>} for a model
 * @param version the Delta version; for a model always 0, its digest is its version
 * @param digest {@code c1:...} of a table; {@code m1:<64 hex>} of a model
 * @param schemaDigest hash over names, order and types of the columns; null for a model
 * @param rows rows of the table; 0 for a model
 * @param bytes bytes of the data files
 * @param partitions names the {@link PartitionSet} of a partitioned table; null where there is none
 */
public record OutputVersion(
    OutputKind kind,
    String port,
    String name,
    String uri,
    long version,
    String digest,
    @Nullable String schemaDigest,
    long rows,
    long bytes,
    @Nullable String partitions) {

  /** What a table is once it is published; its files may not say how many rows they hold. */
  public static OutputVersion of(
      StagedTable table, long version, String digest, String schemaDigest, long rows) {
    return new OutputVersion(
        OutputKind.TABLE,
        table.port(),
        table.name(),
        table.uri(),
        version,
        digest,
        schemaDigest,
        rows,
        table.bytes(),
        null);
  }

  /** What a step that reads this is keyed by; equal content gives equal identity. */
  public String identity() {
    return schemaDigest == null ? digest : digest + "#" + schemaDigest;
  }

  /** The same content at another Delta version. */
  public OutputVersion atVersion(long other) {
    return new OutputVersion(
        kind, port, name, uri, other, digest, schemaDigest, rows, bytes, partitions);
  }

  /** The same version, whose partitions are on record under this name. */
  public OutputVersion withPartitions(@Nullable String set) {
    return new OutputVersion(
        kind, port, name, uri, version, digest, schemaDigest, rows, bytes, set);
  }
}
