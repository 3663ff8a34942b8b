package io.mlpipeline.model;

import java.util.List;

/**
 * An external input as it was resolved once, at planning; the whole run sees exactly this.
 *
 * @param dataset the dataset's name
 * @param kind files, a Delta table, a database or a registered model
 * @param uri the absolute URI of the table, or of the files' location; of a model {@code
 *     <pipeline>/<name>}, under which its manifest is; never part of a key
 * @param version the Delta version to read; of a model the number of the event that registered it;
 *     -1 for files
 * @param identity what a step that reads this is keyed by: a hash over the files' digests, the
 *     content digest of a table of ours, or (table id, last version that changed data or schema);
 *     of a model its digest
 * @param weak whether the identity rests on sizes and times alone
 * @param files the files, sorted by name; empty for a table
 * @param bytes the sum of the sizes; 0 for a table
 */
public record PinnedSource(
    String dataset,
    InputKind kind,
    String uri,
    long version,
    String identity,
    boolean weak,
    List<PinnedFile> files,
    long bytes) {

  public PinnedSource {
    files = List.copyOf(files);
  }

  /** Some of the files; what a step is keyed by stays that of all. */
  public PinnedSource withFiles(List<PinnedFile> some) {
    return new PinnedSource(dataset, kind, uri, version, identity, weak, some, bytes);
  }
}
