package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.array_size;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.isnull;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.xxhash64;

import io.mlpipeline.model.ContentDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The content digest {@code c1} as Spark aggregates, so that it shares a scan with whatever else is
 * asked of the rows.
 *
 * <p>Every value becomes a 64-bit hash that is never null: an atom {@code h(value)}, where null is
 * a value of its own; an array {@code h(size, elements)}; a struct {@code h(is-null, fields)}; a
 * map {@code h(size, sorted entry hashes)}. Spark's own hash of a composite skips nulls and would
 * take {@code [null, 1]} for {@code [1, null]}. A row's columns, sorted by name, go into two salted
 * hashes, and each hash is summed modulo 2^64. So the digest does not depend on the order of rows
 * or columns, on files, partitions, cores or the session's time zone, and the digest of a union is
 * the sum of the digests. Equal rows count as often as they occur.
 *
 * <p>The form is fixed: a test holds its value for a table with every type. To change it is to
 * start {@code c2}.
 */
public final class TableDigest {

  /** A column of this name says which run made a row; what the row says does not depend on it. */
  public static final String RUN = "_run";

  /** How many aggregates {@link #aggregates} gives. */
  static final int WIDTH = 5;

  /** Where every hash of Spark's begins, and so the hash of null. */
  static final long SEED = 42;

  static final long SALT_HIGH = 0x6331_6869_6768L;
  static final long SALT_LOW = 0x6331_6c6f_77L;
  private static final long LOW_HALF = 0xffff_ffffL;
  private static final int HALF = 32;

  private TableDigest() {}

  /** The aggregates to be put into any {@code agg} over rows of this schema; read them in order. */
  public static Column[] aggregates(StructType schema) {
    List<Column> codes = new ArrayList<>();
    Arrays.stream(schema.fields())
        .filter(field -> !field.name().equals(RUN))
        .sorted(Comparator.comparing(StructField::name))
        .forEach(field -> codes.add(code(Columns.named(field.name()), field.dataType())));
    Column high = salted(SALT_HIGH, codes);
    Column low = salted(SALT_LOW, codes);
    return new Column[] {
      count(lit(1L)), lowHalf(high), highHalf(high), lowHalf(low), highHalf(low)
    };
  }

  /** Reads what {@link #aggregates} gave from a row, starting at {@code offset}. */
  public static ContentDigest read(Row row, int offset) {
    return new ContentDigest(
        row.getLong(offset), joined(row, offset + 1), joined(row, offset + 1 + 2));
  }

  /** The digest of rows, in a job of its own. */
  public static ContentDigest of(Dataset<Row> rows) {
    Column[] all = aggregates(rows.schema());
    Dataset<Row> one = rows.agg(all[0], Arrays.copyOfRange(all, 1, all.length));
    return read(one.collectAsList().get(0), 0);
  }

  private static Column salted(long salt, List<Column> codes) {
    List<Column> all = new ArrayList<>();
    all.add(lit(salt));
    all.addAll(codes);
    return xxhash64(all.toArray(new Column[0]));
  }

  /** Half a hash a row cannot overflow a long before 2^31 rows, and wraps correctly after. */
  private static Column lowHalf(Column hash) {
    return sum(hash.bitwiseAND(lit(LOW_HALF)));
  }

  private static Column highHalf(Column hash) {
    return sum(shiftrightunsigned(hash, HALF));
  }

  private static long joined(Row row, int at) {
    return half(row, at) + (half(row, at + 1) << HALF);
  }

  private static long half(Row row, int at) {
    return row.isNullAt(at) ? 0 : row.getLong(at);
  }

  private static Column code(Column value, DataType type) {
    if (type instanceof ArrayType array) {
      Column codes = transform(value, element -> code(element, array.elementType()));
      return xxhash64(array_size(value), codes);
    }
    if (type instanceof MapType map) {
      Column entries = transform(map_entries(value), entry -> entryCode(entry, map));
      return xxhash64(array_size(entries), array_sort(entries));
    }
    if (type instanceof StructType struct) {
      List<Column> codes = new ArrayList<>();
      codes.add(isnull(value));
      for (StructField field : struct.fields()) {
        codes.add(code(value.getField(field.name()), field.dataType()));
      }
      return xxhash64(codes.toArray(new Column[0]));
    }
    // Of null this is the seed; -0.0 and every NaN are brought to one form by the function itself.
    return xxhash64(value);
  }

  private static Column entryCode(Column entry, MapType map) {
    return xxhash64(
        code(entry.getField("key"), map.keyType()), code(entry.getField("value"), map.valueType()));
  }
}
