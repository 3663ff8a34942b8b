package io.mlpipeline.spark.gate;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.spark.table.TableReader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.functions;

/**
 * The content digests of a table's partitions, which add up to that of the table. They come with
 * the scan that digests the table where it reads batches; a pass of its own is needed where rows
 * are few, nested, or read in another way.
 */
final class PartitionDigests {

  private static final String FILE = "__mlpipeline_file";

  private PartitionDigests() {}

  /**
   * What a table holds by partition; empty if it has no partitions or no rows.
   *
   * @param rows exactly the rows of the table's files
   * @param total the digest of all of them
   */
  static PartitionSet of(Dataset<Row> rows, StagedTable table, Vital vital, ContentDigest total) {
    if (table.partitionBy().isEmpty() || table.files().isEmpty()) {
      return PartitionSet.EMPTY;
    }
    SortedMap<String, ContentDigest> digests = new TreeMap<>();
    List<String> names =
        table.files().stream().map(f -> PartitionNames.of(f.partition())).distinct().toList();
    if (names.size() == 1) {
      digests.put(names.get(0), total);
    } else {
      Map<String, String> partitions = partitions(rows, table);
      vital
          .byFile()
          .orElseGet(() -> scanned(rows, table))
          .forEach((file, one) -> digests.merge(find(partitions, file), one, ContentDigest::plus));
    }
    ContentDigest sum = digests.values().stream().reduce(ContentDigest.EMPTY, ContentDigest::plus);
    if (!sum.equals(total)) {
      throw new IllegalStateException(
          "the partitions of " + table.name() + " add up to " + sum + ", not to " + total);
    }
    SortedMap<String, PartitionSet.Part> parts = new TreeMap<>();
    digests.forEach((name, one) -> parts.put(name, new PartitionSet.Part(one.toString(), "")));
    return new PartitionSet(parts);
  }

  private static String find(Map<String, String> partitions, String file) {
    String name = partitions.get(file);
    if (name == null) {
      throw new IllegalStateException("a row came from " + file + ", which nobody listed");
    }
    return name;
  }

  /** Partition by file, as Spark says where a file is. */
  private static Map<String, String> partitions(Dataset<Row> rows, StagedTable table) {
    Path root = root(rows.queryExecution().analyzed());
    Map<String, String> partitions = new HashMap<>();
    for (DataFile file : table.files()) {
      partitions.put(TableReader.location(root, file), PartitionNames.of(file.partition()));
    }
    return partitions;
  }

  private static Path root(LogicalPlan plan) {
    LogicalPlan read = plan instanceof Project project ? project.child() : plan;
    if (read instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation files) {
      return files.location().rootPaths().head();
    }
    throw new IllegalStateException("staged files are read in an unknown way: " + plan);
  }

  private static Map<String, ContentDigest> scanned(Dataset<Row> rows, StagedTable table) {
    return Small.is(table, rows.schema().size())
        ? Small.interpreted(rows.sparkSession(), () -> scan(rows.coalesce(1)))
        : scan(rows);
  }

  private static Map<String, ContentDigest> scan(Dataset<Row> rows) {
    Column[] all = TableDigest.aggregates(rows.schema());
    Dataset<Row> sums =
        rows.withColumn(FILE, functions.input_file_name())
            .groupBy(FILE)
            .agg(all[0], Arrays.copyOfRange(all, 1, all.length));
    Map<String, ContentDigest> digests = new HashMap<>();
    for (Row row : sums.collectAsList()) {
      digests.put(row.getString(0), TableDigest.read(row, 1));
    }
    return digests;
  }
}
