package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.table.TableReader;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows of tables at their pins; each version is looked up once. */
final class PinnedTables {

  private final SparkSession spark;
  private final AttemptCall call;
  private final TableLog tables;
  private final Map<String, TableLog.Snapshot> snapshots = new HashMap<>();

  PinnedTables(SparkSession spark, AttemptCall call, TableLog tables) {
    this.spark = spark;
    this.call = call;
    this.tables = tables;
  }

  /** The rows for a port: of the partitions that the attempt needs, or all. */
  Dataset<Row> rows(String port, String uri, long version) {
    TableLog.Snapshot whole = snapshot(uri, version);
    PartitionWork work = call.partitions();
    SortedSet<String> wanted = work == null ? null : work.reads().get(port);
    return wanted == null
        ? TableReader.read(spark, whole)
        : TableReader.read(spark, whole, file -> wanted.contains(PartitionNames.of(file)));
  }

  /** Whether the port does not see all of its input. */
  boolean isPartial(String port) {
    PartitionWork work = call.partitions();
    return work != null && work.reads().containsKey(port);
  }

  TableLog.Snapshot snapshot(String uri, long version) {
    return snapshots.computeIfAbsent(
        uri + "@" + version,
        key ->
            tables
                .find(uri, version)
                .orElseThrow(
                    () ->
                        new EngineException(
                            ErrorType.INPUT_GONE,
                            "version "
                                + version
                                + " of table "
                                + uri
                                + " cannot be read any more")));
  }
}
