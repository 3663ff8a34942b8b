package io.mlpipeline.spark.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a Parquet file's own footer says of it, as Delta's statistics.
 *
 * <p>A wrong bound makes readers lose rows, so bounds are given only where footers can be trusted:
 * whole numbers, dates, decimals and short texts. Nested columns are left out altogether.
 *
 * @param rows rows in the file
 * @param nulls null count by column
 * @param json Delta's form of it
 */
record ParquetStats(long rows, Map<String, Long> nulls, String json) {

  private static final int LONGEST_TEXT = 32;

  static ParquetStats read(FileStatus file, Configuration conf) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, conf))) {
      return of(reader.getFooter());
    }
  }

  private static ParquetStats of(ParquetMetadata footer) {
    long rows = footer.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
    Map<String, Long> nulls = new TreeMap<>();
    StringBuilder mins = new StringBuilder();
    StringBuilder maxs = new StringBuilder();
    StringBuilder counts = new StringBuilder();
    for (Type field : footer.getFileMetaData().getSchema().getFields()) {
      Column column = field.isPrimitive() && isPlain(field.getName()) ? merge(footer, field) : null;
      if (column != null && column.nulls >= 0) {
        nulls.put(field.getName(), column.nulls);
        add(counts, field.getName(), Long.toString(column.nulls));
        if (column.min != null && column.max != null) {
          add(mins, field.getName(), column.min);
          add(maxs, field.getName(), column.max);
        }
      }
    }
    String json =
        "{\"numRecords\":"
            + rows
            + ",\"minValues\":{"
            + mins
            + "},\"maxValues\":{"
            + maxs
            + "},\"nullCount\":{"
            + counts
            + "}}";
    return new ParquetStats(rows, nulls, json);
  }

  private static void add(StringBuilder out, String name, String value) {
    out.append(out.isEmpty() ? "" : ",").append(quote(name)).append(':').append(value);
  }

  /** The text in JSON's quotes; it holds no control characters, see {@link #isPlain}. */
  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> c < ' ' || Character.isSurrogate((char) c));
  }

  /** One column over all row groups; a bound is null if it is not known for sure. */
  private record Column(long nulls, @Nullable String min, @Nullable String max) {}

  private static @Nullable Column merge(ParquetMetadata footer, Type field) {
    Statistics<?> total = null;
    boolean bounded = true;
    for (BlockMetaData block : footer.getBlocks()) {
      ColumnChunkMetaData chunk = chunk(block, field.getName());
      Statistics<?> one = chunk == null ? null : chunk.getStatistics();
      if (chunk == null || one == null || !one.isNumNullsSet()) {
        return null;
      }
      bounded &= one.hasNonNullValue() || one.getNumNulls() == chunk.getValueCount();
      if (total == null) {
        total = one.copy();
      } else {
        total.mergeStatistics(one);
      }
    }
    if (total == null) {
      return null;
    }
    if (!bounded || !total.hasNonNullValue()) {
      return new Column(total.getNumNulls(), null, null);
    }
    PrimitiveType type = field.asPrimitiveType();
    return new Column(
        total.getNumNulls(),
        bound(type, total.genericGetMin()),
        bound(type, total.genericGetMax()));
  }

  private static @Nullable ColumnChunkMetaData chunk(BlockMetaData block, String name) {
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      if (chunk.getPath().size() == 1 && Objects.equals(chunk.getPath().toArray()[0], name)) {
        return chunk;
      }
    }
    return null;
  }

  /** A bound as a JSON value; null if it is of a type that cannot be trusted. */
  private static @Nullable String bound(PrimitiveType type, Object value) {
    LogicalTypeAnnotation kind = type.getLogicalTypeAnnotation();
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      return whole(kind, number);
    }
    if (value instanceof Binary bytes) {
      if (kind instanceof DecimalLogicalTypeAnnotation decimal) {
        return new BigDecimal(new BigInteger(bytes.getBytes()), decimal.getScale()).toPlainString();
      }
      return kind instanceof StringLogicalTypeAnnotation ? text(bytes) : null;
    }
    return null;
  }

  private static @Nullable String whole(@Nullable LogicalTypeAnnotation kind, long number) {
    if (kind == null || (kind instanceof IntLogicalTypeAnnotation i && i.isSigned())) {
      return Long.toString(number);
    }
    if (kind instanceof DecimalLogicalTypeAnnotation decimal) {
      return BigDecimal.valueOf(number, decimal.getScale()).toPlainString();
    }
    if (kind instanceof DateLogicalTypeAnnotation) {
      LocalDate date = LocalDate.ofEpochDay(number);
      return date.getYear() >= 1 && date.getYear() <= 9999 ? quote(date.toString()) : null;
    }
    return null;
  }

  private static @Nullable String text(Binary bytes) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes())).toString();
      return text.length() <= LONGEST_TEXT && isPlain(text) ? quote(text) : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
