package io.mlpipeline.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows that a step returned, written as Parquet files where they belong, which nobody can see
 * because no log entry names them.
 *
 * @param port the step's port
 * @param name the dataset's name
 * @param uri the table's root, relative to the warehouse
 * @param attempt the attempt that wrote the files; part of their names
 * @param schemaJson the schema as Spark's and Delta's JSON, all columns nullable unless the
 *     contract says otherwise, partition columns included
 * @param partitionBy the partition columns in order
 * @param files exactly the files that were written; may be empty
 */
public record StagedTable(
    String port,
    String name,
    String uri,
    String attempt,
    String schemaJson,
    List<String> partitionBy,
    List<DataFile> files) {

  public StagedTable {
    partitionBy = List.copyOf(partitionBy);
    files = List.copyOf(files);
  }

  public long rows() {
    return files.stream().mapToLong(DataFile::rows).sum();
  }

  public long bytes() {
    return files.stream().mapToLong(DataFile::size).sum();
  }

  /** The same table with other files. */
  public StagedTable withFiles(List<DataFile> others) {
    return new StagedTable(port, name, uri, attempt, schemaJson, partitionBy, others);
  }

  /** The files of both in one table: nothing is written again. */
  public StagedTable and(StagedTable more) {
    List<DataFile> all = new ArrayList<>(files);
    all.addAll(more.files());
    return withFiles(all);
  }
}
