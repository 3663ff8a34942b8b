package io.mlpipeline.port;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.StagedTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The Delta logs of tables, without a SparkSession. A table is named by its root's URI: absolute,
 * or relative to the warehouse.
 */
public interface TableLog {

  /** The newest version, by listing alone; empty if there is no table. */
  OptionalLong findHead(String uri);

  /** The table at a version; empty if the table or that version is not there. */
  Optional<Snapshot> find(String uri, long version);

  /** The table as it is now; empty if there is none. */
  Optional<Snapshot> findNewest(String uri);

  /** The {@link CommitInfo#content} of a version of ours; empty if somebody else made it. */
  Optional<String> findContent(String uri, long version);

  /** The {@link CommitInfo#attempt} of a version of ours; empty if somebody else made it. */
  Optional<String> findAttempt(String uri, long version);

  /** Whether every one of these files is there with its size. */
  boolean allPresent(String uri, List<DataFile> files);

  /**
   * The table at a version, if its files are there as well; what Spark lists it looks at itself.
   */
  default Optional<Snapshot> findReadable(String uri, long version) {
    return find(uri, version).filter(found -> found.viaSpark() || allPresent(uri, found.files()));
  }

  /** Those of the files that are not there with their size. */
  default List<DataFile> missing(String uri, List<DataFile> files) {
    return allPresent(uri, files)
        ? List.of()
        : files.stream().filter(file -> !allPresent(uri, List.of(file))).toList();
  }

  /**
   * Makes the staged files the whole content of the table, in one new version, exactly once: the
   * same attempt again finds its own version. Looks at the files once more before.
   *
   * @param base the head that was seen at planning, -1 if there was no table
   * @return the new version
   * @throws io.mlpipeline.model.EngineException {@code PUBLISH_CONFLICT}: surely not committed;
   *     {@code PUBLISH_UNKNOWN}: nobody knows; {@code INPUT_GONE}: a staged file went away
   */
  long replace(StagedTable staged, long base, CommitInfo info);

  /**
   * Makes an older version the head again by a commit of metadata only; no file is written.
   *
   * @return the new version
   */
  long restore(String uri, long version, CommitInfo info);

  /**
   * The table's content at one version.
   *
   * @param uri the table's root, absolute
   * @param version the version
   * @param tableId the table's id, kept for its whole life
   * @param schemaJson the schema as Spark's and Delta's JSON
   * @param partitionBy the partition columns in order
   * @param files the live files; empty if {@code viaSpark}
   * @param viaSpark whether the protocol needs delta-spark to read it: deletion vectors, column
   *     mapping, or a feature that Kernel does not know
   * @param lastDataChange the newest version, up to this one, that changed data or schema
   */
  record Snapshot(
      String uri,
      long version,
      String tableId,
      String schemaJson,
      List<String> partitionBy,
      List<DataFile> files,
      boolean viaSpark,
      long lastDataChange) {

    public Snapshot {
      partitionBy = List.copyOf(partitionBy);
      files = List.copyOf(files);
    }
  }

  /**
   * Who commits what; goes into the commit's engine info and transaction id.
   *
   * @param run the run
   * @param step the step
   * @param attempt the attempt's id
   * @param content {@link io.mlpipeline.model.OutputVersion#identity} of what the version holds
   */
  record CommitInfo(String run, String step, String attempt, String content) {}
}
