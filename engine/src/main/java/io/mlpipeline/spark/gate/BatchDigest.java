package io.mlpipeline.spark.gate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The content digest {@code c1} of columnar batches, column by column: the value that {@link
 * TableDigest} defines, at a fraction of its cost. A row's hash is a chain in which each step waits
 * for the one before; here a processor has a batch of independent chains to work at, and no object
 * is made of a value.
 *
 * <p>Only atoms are taken; {@link #fits} says so. One instance digests one run of batches and is
 * not thread-safe.
 */
final class BatchDigest {

  /** Puts a column's hashes, by row, into an array. */
  private interface Coder {
    void code(ColumnVector column, int rows, long[] codes);
  }

  private static final Map<DataType, Coder> CODERS =
      Map.ofEntries(
          Map.entry(DataTypes.BooleanType, BatchDigest::booleans),
          Map.entry(DataTypes.ByteType, BatchDigest::bytes),
          Map.entry(DataTypes.ShortType, BatchDigest::shorts),
          Map.entry(DataTypes.IntegerType, BatchDigest::ints),
          Map.entry(DataTypes.DateType, BatchDigest::ints),
          Map.entry(DataTypes.LongType, BatchDigest::longs),
          Map.entry(DataTypes.TimestampType, BatchDigest::longs),
          Map.entry(DataTypes.TimestampNTZType, BatchDigest::longs),
          Map.entry(DataTypes.FloatType, BatchDigest::floats),
          Map.entry(DataTypes.DoubleType, BatchDigest::doubles),
          Map.entry(DataTypes.StringType, BatchDigest::texts),
          Map.entry(DataTypes.BinaryType, BatchDigest::binaries));

  private final int[] places;
  private final List<Coder> coders;
  private long[] codes = new long[0];
  private long[] high = new long[0];
  private long[] low = new long[0];
  private long rows;
  private long sumHigh;
  private long sumLow;

  /** Digests batches that hold these columns in this order. */
  BatchDigest(StructType columns) {
    StructField[] fields = columns.fields();
    places =
        IntStream.range(0, fields.length)
            .boxed()
            .sorted(Comparator.comparing(i -> fields[i].name()))
            .mapToInt(Integer::intValue)
            .toArray();
    coders = Arrays.stream(places).mapToObj(i -> coder(fields[i].dataType())).toList();
  }

  /** Whether every column is of a type that can be digested so. */
  static boolean fits(StructType columns) {
    return Arrays.stream(columns.fields())
        .map(StructField::dataType)
        .allMatch(type -> type instanceof DecimalType || CODERS.containsKey(type));
  }

  private static Coder coder(DataType type) {
    if (type instanceof DecimalType decimal) {
      return decimals(decimal);
    }
    Coder coder = CODERS.get(type);
    if (coder == null) {
      throw new IllegalArgumentException("no digest of batches with " + type);
    }
    return coder;
  }

  void add(ColumnarBatch batch) {
    int count = batch.numRows();
    if (codes.length < count) {
      codes = new long[count];
      high = new long[count];
      low = new long[count];
    }
    Arrays.fill(high, 0, count, XXH64.hashLong(TableDigest.SALT_HIGH, TableDigest.SEED));
    Arrays.fill(low, 0, count, XXH64.hashLong(TableDigest.SALT_LOW, TableDigest.SEED));
    for (int i = 0; i < places.length; i++) {
      coders.get(i).code(batch.column(places[i]), count, codes);
      chain(codes, count, high);
      chain(codes, count, low);
    }
    sumHigh += sum(high, count);
    sumLow += sum(low, count);
    rows += count;
  }

  long rows() {
    return rows;
  }

  long high() {
    return sumHigh;
  }

  long low() {
    return sumLow;
  }

  private static void chain(long[] codes, int count, long[] hashes) {
    for (int i = 0; i < count; i++) {
      hashes[i] = XXH64.hashLong(codes[i], hashes[i]);
    }
  }

  private static long sum(long[] hashes, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += hashes[i];
    }
    return sum;
  }

  private static void booleans(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofInt(column.getBoolean(i) ? 1 : 0);
    }
  }

  private static void bytes(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofInt(column.getByte(i));
    }
  }

  private static void shorts(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofInt(column.getShort(i));
    }
  }

  private static void ints(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofInt(column.getInt(i));
    }
  }

  private static void longs(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofLong(column.getLong(i));
    }
  }

  private static void intsAsLongs(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofLong(column.getInt(i));
    }
  }

  /** Both zeros are one value, and all that is no number is one. */
  private static void floats(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      float value = column.isNullAt(i) ? 0 : column.getFloat(i);
      int bits = value == 0 ? 0 : Float.floatToIntBits(value);
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofInt(bits);
    }
  }

  private static void doubles(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      double value = column.isNullAt(i) ? 0 : column.getDouble(i);
      long bits = value == 0 ? 0 : Double.doubleToLongBits(value);
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofLong(bits);
    }
  }

  private static void texts(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      if (column.isNullAt(i)) {
        codes[i] = TableDigest.SEED;
      } else {
        UTF8String text = column.getUTF8String(i);
        codes[i] =
            XXH64.hashUnsafeBytes(
                text.getBaseObject(), text.getBaseOffset(), text.numBytes(), TableDigest.SEED);
      }
    }
  }

  private static void binaries(ColumnVector column, int rows, long[] codes) {
    for (int i = 0; i < rows; i++) {
      codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofBytes(column.getBinary(i));
    }
  }

  /** What has few digits is kept, and hashed, as a whole number. */
  private static Coder decimals(DecimalType type) {
    if (type.precision() <= Decimal.MAX_INT_DIGITS()) {
      return BatchDigest::intsAsLongs;
    }
    if (type.precision() <= Decimal.MAX_LONG_DIGITS()) {
      return BatchDigest::longs;
    }
    return (column, rows, codes) -> {
      for (int i = 0; i < rows; i++) {
        codes[i] = column.isNullAt(i) ? TableDigest.SEED : ofDecimal(column, i, type);
      }
    };
  }

  private static long ofDecimal(ColumnVector column, int row, DecimalType type) {
    Decimal value = column.getDecimal(row, type.precision(), type.scale());
    return ofBytes(value.toJavaBigDecimal().unscaledValue().toByteArray());
  }

  private static long ofInt(int value) {
    return XXH64.hashInt(value, TableDigest.SEED);
  }

  private static long ofLong(long value) {
    return XXH64.hashLong(value, TableDigest.SEED);
  }

  private static long ofBytes(byte[] value) {
    return XXH64.hashUnsafeBytes(value, Platform.BYTE_ARRAY_OFFSET, value.length, TableDigest.SEED);
  }
}
