package io.mlpipeline.spark.table;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.StagedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one attempt's tables where they belong, so that nobody can see them.
 *
 * <p>What is returned are exactly the files of this attempt. If a contract turns out to be broken
 * the files are deleted again. A re-run writes new files under its own attempt's name.
 */
public final class TableStager {

  /** Up to this many bytes of plan, one task is quicker than several, and one file is enough. */
  private static final long SMALL = 8L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(TableStager.class);

  private final String warehouseUri;
  private final String attempt;

  /**
   * Stages for one attempt.
   *
   * @param warehouseUri the warehouse's root, as a Hadoop path says it
   * @param attempt the attempt's id
   */
  public TableStager(String warehouseUri, String attempt) {
    this.warehouseUri = warehouseUri;
    this.attempt = attempt;
  }

  /**
   * Writes the rows of one output.
   *
   * @param uri the table's root, relative to the warehouse
   * @throws EngineException CONTRACT_BROKEN or STEP_FAILED; what Spark throws goes through as it is
   */
  public StagedTable stage(Dataset<Row> rows, OutputSpec output, String uri) {
    StructType schema = Contract.schema(rows, output);
    List<String> partitionBy = Contract.partitionBy(schema, output);
    checkKeys(schema, output);
    Dataset<Row> aligned = inFewFiles(Contract.align(rows, schema, partitionBy), partitionBy);
    List<WrittenFile> written = write(aligned, partitionBy, output, uri);
    StagedTable table =
        new StagedTable(
            output.port(),
            output.name(),
            uri,
            attempt,
            schema.json(),
            partitionBy,
            written.stream().map(TableStager::dataFile).toList());
    try {
      checkNulls(rows, table, schema, written);
    } catch (Throwable e) {
      discard(rows.sparkSession(), table);
      throw e;
    }
    return table;
  }

  /**
   * Writes rows that were checked before as more files of a table, and gives that table with these
   * files alone.
   *
   * @param like the table; the rows have its columns
   */
  public StagedTable write(Dataset<Row> rows, StagedTable like) {
    List<WrittenFile> written =
        FileWriter.write(
            inFewFiles(rows, like.partitionBy()),
            "parquet",
            Map.of(),
            like.partitionBy(),
            new Path(warehouseUri, like.uri()),
            attempt);
    return like.withFiles(written.stream().map(TableStager::dataFile).toList());
  }

  /** Deletes staged files that will not be published; what cannot be deleted is left to gc. */
  public void discard(SparkSession spark, StagedTable table) {
    Path root = new Path(warehouseUri, table.uri());
    for (DataFile file : table.files()) {
      Path path = new Path(root, new Path(null, null, file.path()));
      try {
        FileSystem fs = path.getFileSystem(spark.sessionState().newHadoopConf());
        fs.delete(path, false);
      } catch (IOException e) {
        LOG.warn("Could not delete {}: {}", path, e.toString());
      }
    }
  }

  /**
   * Writes rows that are not published as JSON lines; no file, and no directory, of no rows.
   *
   * @param uri the directory, relative to the warehouse
   * @return the number of rows
   */
  public long keepAside(Dataset<Row> rows, String uri) {
    Path directory = new Path(warehouseUri, uri);
    List<WrittenFile> files =
        FileWriter.write(
            rows.coalesce(1),
            "json",
            Map.of("ignoreNullFields", "false"),
            List.of(),
            directory,
            attempt);
    if (files.isEmpty()) {
      try {
        directory
            .getFileSystem(rows.sparkSession().sessionState().newHadoopConf())
            .delete(directory, false);
      } catch (IOException e) {
        LOG.debug("{} holds rows of an earlier attempt", directory);
      }
    }
    return files.stream().mapToLong(WrittenFile::rows).sum();
  }

  private List<WrittenFile> write(
      Dataset<Row> rows, List<String> partitionBy, OutputSpec output, String uri) {
    try {
      return FileWriter.write(
          rows, "parquet", Map.of(), partitionBy, new Path(warehouseUri, uri), attempt);
    } catch (Throwable e) { // Spark throws checked exceptions that it does not declare
      for (Throwable t = e; t != null; t = t.getCause()) {
        String message = t.getMessage();
        if (message != null && message.startsWith(Contract.EMPTY_PARTITION)) {
          throw new EngineException(
              ErrorType.CONTRACT_BROKEN,
              "output "
                  + output.name()
                  + " has rows whose partition column "
                  + message.substring(Contract.EMPTY_PARTITION.length())
                  + " is the empty text, which a table would give back as null: filter them, or"
                  + " give them a value",
              Map.of("column", message.substring(Contract.EMPTY_PARTITION.length())),
              e);
        }
      }
      throw e;
    }
  }

  /** Few and full files: one if the plan is small, else one run of files for each partition. */
  private static Dataset<Row> inFewFiles(Dataset<Row> rows, List<String> partitionBy) {
    if (rows.queryExecution().optimizedPlan().stats().sizeInBytes().isValidLong()
        && rows.queryExecution().optimizedPlan().stats().sizeInBytes().toLong() <= SMALL) {
      return rows.coalesce(1);
    }
    if (partitionBy.isEmpty()) {
      return rows;
    }
    // The hint takes unresolved names and nothing else, and says of a column that it is none.
    Object[] columns =
        partitionBy.stream().map(name -> functions.col(Contract.quoted(name)).expr()).toArray();
    return rows.hint("rebalance", columns);
  }

  private static DataFile dataFile(WrittenFile file) {
    return new DataFile(
        file.name(),
        new TreeMap<>(partition(file.directory())),
        file.size(),
        file.modifiedMillis(),
        file.rows(),
        file.stats());
  }

  /** Value by column of partition directories; the empty text stands for null. */
  static Map<String, String> partition(String directory) {
    Map<String, String> values = new TreeMap<>();
    if (directory.isEmpty()) {
      return values;
    }
    for (String part : directory.split("/")) {
      int at = part.indexOf('=');
      String value = ExternalCatalogUtils.unescapePathName(part.substring(at + 1));
      values.put(
          ExternalCatalogUtils.unescapePathName(part.substring(0, at)),
          value.equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME()) ? "" : value);
    }
    return values;
  }

  private void checkNulls(
      Dataset<Row> rows, StagedTable table, StructType schema, List<WrittenFile> written) {
    List<String> problems = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      long nulls = field.nullable() ? 0 : nulls(rows, table, field.name(), written);
      if (nulls > 0) {
        problems.add("column " + field.name() + " must not be null and is in " + nulls + " rows");
        columns.add(field.name());
      }
    }
    if (!problems.isEmpty()) {
      throw broken(table, String.join("; ", problems), columns);
    }
  }

  private long nulls(
      Dataset<Row> rows, StagedTable table, String column, List<WrittenFile> written) {
    if (table.partitionBy().contains(column)) {
      return table.files().stream()
          .filter(file -> String.valueOf(file.partition().get(column)).isEmpty())
          .mapToLong(DataFile::rows)
          .sum();
    }
    long sum = 0;
    for (WrittenFile file : written) {
      Long nulls = file.nulls().get(column);
      if (nulls == null) {
        // Nested columns have no count in the footer.
        return read(rows, table).where(functions.col(Contract.quoted(column)).isNull()).count();
      }
      sum += nulls;
    }
    return sum;
  }

  /** That a key names a row is for the gate to judge; here, that its columns are there. */
  private static void checkKeys(StructType schema, OutputSpec output) {
    output.keys().forEach(key -> Schemas.resolve(schema, key, "key", output.name()));
  }

  private Dataset<Row> read(Dataset<Row> rows, StagedTable table) {
    return TableReader.read(rows.sparkSession(), warehouseUri, table);
  }

  private static EngineException broken(StagedTable table, String problem, List<String> columns) {
    return new EngineException(
        ErrorType.CONTRACT_BROKEN,
        "output " + table.name() + " breaks its contract: " + problem,
        Map.of("column", String.join(", ", columns)),
        null);
  }
}
