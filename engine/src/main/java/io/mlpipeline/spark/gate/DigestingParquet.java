package io.mlpipeline.spark.gate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Function1;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.collection.immutable.Map;
import scala.runtime.AbstractFunction1;

/**
 * Parquet that is digested as it is read: every column of a batch goes into the digest, and the
 * batch goes on with the columns that the query asked for. No row is skipped, whatever the filters.
 */
final class DigestingParquet extends ParquetFileFormat {

  private static final long serialVersionUID = 1L;

  private final DigestParts parts;

  DigestingParquet(DigestParts parts) {
    this.parts = parts;
  }

  @Override
  public Function1<PartitionedFile, Iterator<InternalRow>> buildReaderWithPartitionValues(
      SparkSession spark,
      StructType dataSchema,
      StructType partitionSchema,
      StructType requiredSchema,
      Seq<Filter> filters,
      Map<String, String> options,
      Configuration hadoopConf) {
    boolean isBatches = options.get(FileFormat.OPTION_RETURNING_BATCH()).contains("true");
    if (!isBatches) {
      return super.buildReaderWithPartitionValues(
          spark, dataSchema, partitionSchema, requiredSchema, filters, options, hadoopConf);
    }
    Function1<PartitionedFile, Iterator<InternalRow>> all =
        super.buildReaderWithPartitionValues(
            spark,
            dataSchema,
            partitionSchema,
            dataSchema,
            JavaConverters.asScalaBuffer(List.<Filter>of()).toSeq(),
            options,
            hadoopConf);
    return new Reader(all, dataSchema, partitionSchema, requiredSchema, parts);
  }

  private static final class Reader
      extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>> implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Function1<PartitionedFile, Iterator<InternalRow>> all;
    private final StructType columns;
    private final int[] asked;
    private final DigestParts parts;

    Reader(
        Function1<PartitionedFile, Iterator<InternalRow>> all,
        StructType data,
        StructType partitions,
        StructType required,
        DigestParts parts) {
      this.all = all;
      this.parts = parts;
      StructType both = data;
      StructType out = required;
      for (StructField field : partitions.fields()) {
        both = both.add(field);
        out = out.add(field);
      }
      this.columns = both;
      this.asked = Arrays.stream(out.fieldNames()).mapToInt(both::fieldIndex).toArray();
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // Spark passes batches as rows
    public Iterator<InternalRow> apply(PartitionedFile file) {
      String part = file.urlEncodedPath() + "+" + file.start();
      return (Iterator) new Batches((Iterator) all.apply(file), this, part);
    }
  }

  private static final class Batches extends AbstractIterator<ColumnarBatch> {

    private final Iterator<ColumnarBatch> all;
    private final Reader reader;
    private final String part;
    private final BatchDigest digest;

    Batches(Iterator<ColumnarBatch> all, Reader reader, String part) {
      this.all = all;
      this.reader = reader;
      this.part = part;
      this.digest = new BatchDigest(reader.columns);
    }

    @Override
    public boolean hasNext() {
      boolean hasNext = all.hasNext();
      if (!hasNext) {
        reader.parts.put(part, digest.rows(), digest.high(), digest.low());
      }
      return hasNext;
    }

    @Override
    public ColumnarBatch next() {
      ColumnarBatch batch = all.next();
      digest.add(batch);
      ColumnVector[] asked =
          Arrays.stream(reader.asked).mapToObj(batch::column).toArray(ColumnVector[]::new);
      return new ColumnarBatch(asked, batch.numRows());
    }
  }
}
