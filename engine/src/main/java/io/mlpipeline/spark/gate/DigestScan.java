package io.mlpipeline.spark.gate;

import io.mlpipeline.model.ContentDigest;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/**
 * How the content digest shares a scan. Rows of flat columns that come straight from Parquet files
 * are digested batch by batch as they are read, and the rest of the scan sees the columns that it
 * needs and no more. All other rows are digested by aggregates. The value is the same.
 */
final class DigestScan {

  private DigestScan() {}

  /** The better way for these rows. */
  static Vital of(Dataset<Row> rows) {
    LogicalPlan plan = rows.queryExecution().analyzed();
    LogicalRelation read = isChoice(plan) ? read(((Project) plan).child()) : read(plan);
    if (read == null || !isInBatches(rows, (HadoopFsRelation) read.relation())) {
      return byRows(rows.schema());
    }
    return new ByBatches(rows, read);
  }

  /** By aggregates over any rows of this schema. */
  static Vital byRows(StructType schema) {
    return new ByRows(TableDigest.aggregates(schema));
  }

  /** A choice of columns, such as the one that puts a partition's column where it belongs. */
  private static boolean isChoice(LogicalPlan plan) {
    return plan instanceof Project project
        && JavaConverters.seqAsJavaList(project.projectList()).stream()
            .allMatch(Attribute.class::isInstance);
  }

  /** The read of Parquet files that a plan is, if it is nothing else. */
  private static @Nullable LogicalRelation read(LogicalPlan plan) {
    return plan instanceof LogicalRelation read
            && read.relation() instanceof HadoopFsRelation files
            && files.fileFormat().getClass() == ParquetFileFormat.class
        ? read
        : null;
  }

  /** Whether Spark gives batches, and all of what is in them can be digested. */
  private static boolean isInBatches(Dataset<Row> rows, HadoopFsRelation files) {
    StructType columns = files.schema();
    return columns.length() == rows.schema().length()
        && BatchDigest.fits(columns)
        && files.fileFormat().supportBatch(rows.sparkSession(), columns);
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two
  private record ByRows(Column[] aggregates) implements Vital {

    @Override
    public Optional<ContentDigest> digest(Row values) {
      return Optional.of(TableDigest.read(values, 0));
    }
  }

  /** The parts' digests come beside the rows; the count says whether they are all there. */
  private static final class ByBatches implements Vital {

    private final Dataset<Row> rows;
    private final Dataset<Row> digesting;
    private final DigestParts parts = new DigestParts();
    private boolean isWhole;

    ByBatches(Dataset<Row> rows, LogicalRelation read) {
      SparkSession spark = rows.sparkSession();
      this.rows = rows;
      spark.sparkContext().register(parts);
      LogicalPlan plan = rows.queryExecution().analyzed();
      LogicalRelation digested = digesting(read, parts);
      this.digesting =
          Dataset.ofRows(
              spark,
              plan instanceof Project project
                  ? new Project(project.projectList(), digested)
                  : digested);
    }

    private static LogicalRelation digesting(LogicalRelation read, DigestParts parts) {
      HadoopFsRelation files = (HadoopFsRelation) read.relation();
      return new LogicalRelation(
          new HadoopFsRelation(
              files.location(),
              files.partitionSchema(),
              files.dataSchema(),
              files.bucketSpec(),
              new DigestingParquet(parts),
              files.options(),
              files.sparkSession()),
          read.output(),
          read.catalogTable(),
          read.isStreaming());
    }

    @Override
    public Column[] aggregates() {
      return COUNT.aggregates();
    }

    @Override
    public Dataset<Row> scanned(Dataset<Row> same) {
      return digesting;
    }

    @Override
    public Optional<Map<String, ContentDigest>> byFile() {
      return isWhole ? Optional.of(parts.byFile()) : Optional.empty();
    }

    @Override
    public Optional<ContentDigest> digest(Row values) {
      ContentDigest digest = parts.value();
      isWhole = digest.rows() == values.getLong(0);
      // A platform may read Parquet in a way of its own, and pass our reader by.
      return Optional.of(isWhole ? digest : TableDigest.of(rows));
    }
  }
}
