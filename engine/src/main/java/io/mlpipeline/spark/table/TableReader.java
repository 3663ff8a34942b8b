package io.mlpipeline.spark.table;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.TableLog.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Map$;

/**
 * Gives the rows of a table at a version, or of staged files, in the order of the schema's columns.
 *
 * <p>The list of files comes from the log, so nothing is listed and a later version cannot slip in.
 * Lazy: a file that is gone is found out when rows are asked for, at the latest.
 */
public final class TableReader {

  /** Beyond this many files delta-spark plans better: it prunes them without a list in memory. */
  private static final int MOST_FILES = 10_000;

  private TableReader() {}

  /** The rows of a table at a version. */
  public static Dataset<Row> read(SparkSession spark, Snapshot table) {
    if (table.viaSpark() || table.files().size() > MOST_FILES || !isExact(table)) {
      return spark.read().format("delta").option("versionAsOf", table.version()).load(table.uri());
    }
    return read(
        spark, table.uri(), Schemas.parse(table.schemaJson()), table.partitionBy(), table.files());
  }

  /**
   * The rows of some partitions of a table at a version.
   *
   * @param partitions which, by value by column
   * @throws EngineException INPUT_GONE if the log does not show the files of the version
   */
  public static Dataset<Row> read(
      SparkSession spark, Snapshot table, Predicate<SortedMap<String, String>> partitions) {
    if (!isListed(table)) {
      throw new EngineException(
          ErrorType.INPUT_GONE,
          "table "
              + table.uri()
              + " does not show at version "
              + table.version()
              + " which files its partitions are made of: read it with partitions: all");
    }
    List<DataFile> files =
        table.files().stream().filter(file -> partitions.test(file.partition())).toList();
    StructType schema = Schemas.parse(table.schemaJson());
    return read(spark, table.uri(), schema, table.partitionBy(), files);
  }

  /** Where a file of a table is, as Spark says it of a row's file. */
  public static String location(Path root, DataFile file) {
    return ListedFiles.path(root, file.path()).toUri().toString();
  }

  /** The rows of staged files. */
  public static Dataset<Row> read(SparkSession spark, String warehouseUri, StagedTable table) {
    String root = new Path(warehouseUri, table.uri()).toString();
    StructType schema = Schemas.parse(table.schemaJson());
    return read(spark, root, schema, table.partitionBy(), table.files());
  }

  /** Whether a table can be read file by file, as its log lists them. */
  static boolean isListed(Snapshot table) {
    return !table.viaSpark() && isExact(table);
  }

  /** Whether partition values mean the same under all settings, and every file would be read. */
  private static boolean isExact(Snapshot table) {
    StructType schema = Schemas.parse(table.schemaJson());
    return table.partitionBy().stream()
            .allMatch(name -> Schemas.canPartition(schema.apply(name).dataType()))
        && table.files().stream().noneMatch(TableReader::isHidden);
  }

  /** Spark's own file sources pass over such names without a word. */
  private static boolean isHidden(DataFile file) {
    String name = file.path().substring(file.path().lastIndexOf('/') + 1);
    return name.startsWith("_") || name.startsWith(".");
  }

  private static Dataset<Row> read(
      SparkSession spark,
      String root,
      StructType declared,
      List<String> partitionBy,
      List<DataFile> files) {
    StructType schema = Schemas.bare(declared);
    if (files.isEmpty()) {
      return spark.createDataFrame(List.of(), schema);
    }
    StructType partitions = new StructType();
    StructType data = new StructType();
    for (StructField field : schema.fields()) {
      if (!partitionBy.contains(field.name())) {
        data = data.add(field);
      }
    }
    for (String name : partitionBy) {
      partitions = partitions.add(schema.apply(name));
    }
    Path base = new Path(root);
    HadoopFsRelation relation =
        new HadoopFsRelation(
            new ListedFiles(spark, base, partitions, files),
            partitions,
            data,
            Option.empty(),
            new ParquetFileFormat(),
            Map$.MODULE$.empty(),
            spark);
    Dataset<Row> rows = spark.baseRelationToDataFrame(relation);
    return partitionBy.isEmpty()
        ? rows
        : rows.select(
            Arrays.stream(schema.fieldNames())
                .map(name -> functions.col(Contract.quoted(name)))
                .toArray(Column[]::new));
  }
}
