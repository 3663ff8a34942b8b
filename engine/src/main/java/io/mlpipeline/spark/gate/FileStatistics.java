package io.mlpipeline.spark.gate;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.port.TableLog.Snapshot;
import io.mlpipeline.spark.table.Schemas;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What the statistics of a table's files say for sure, without a look at the rows. Whatever is not
 * sure is not said: a file without statistics, bounds that are not tight, a column that one file
 * does not know, a type whose bounds are cut, rounded or blind to NaN (texts, times, floating
 * point). The rows must be exactly those of the files.
 */
public final class FileStatistics {

  /** Nothing is known, so everything is read. */
  public static final FileStatistics NONE =
      new FileStatistics(new StructType(), Set.of(), List.of(), false);

  private record Known(DataFile file, FileFacts facts) {}

  private final StructType schema;
  private final Set<String> partitionBy;
  private final List<Known> files;
  private final boolean isCounted;

  private FileStatistics(
      StructType schema, Set<String> partitionBy, List<Known> files, boolean isCounted) {
    this.schema = schema;
    this.partitionBy = partitionBy;
    this.files = files;
    this.isCounted = isCounted;
  }

  /**
   * The smallest and the largest value; a date is its day since 1970.
   *
   * @param least null if every value is
   * @param most null if every value is
   */
  record Extremes(@Nullable BigDecimal least, @Nullable BigDecimal most) {}

  /** Of files that hold columns of these types. */
  public static FileStatistics of(
      StructType schema, List<String> partitionBy, List<DataFile> files) {
    List<Known> known = new ArrayList<>();
    for (DataFile file : files) {
      FileFacts facts = FileFacts.read(file.stats());
      if (facts.rows() < 0 || !facts.tight()) {
        return NONE;
      }
      known.add(new Known(file, facts));
    }
    return new FileStatistics(schema, new HashSet<>(partitionBy), known, true);
  }

  /** Of a table at a version; nothing of one that only delta-spark can read. */
  public static FileStatistics of(Snapshot table) {
    return table.viaSpark()
        ? NONE
        : of(Schemas.parse(table.schemaJson()), table.partitionBy(), table.files());
  }

  OptionalLong rows() {
    return isCounted
        ? OptionalLong.of(files.stream().mapToLong(f -> f.facts().rows()).sum())
        : OptionalLong.empty();
  }

  /** How many values of a column are not null. */
  OptionalLong present(StructField column) {
    if (!isSame(column)) {
      return OptionalLong.empty();
    }
    long present = 0;
    for (Known one : files) {
      long here = present(one, column.name());
      if (here < 0) {
        return OptionalLong.empty();
      }
      present += here;
    }
    return OptionalLong.of(present);
  }

  /** The values of one file that are not null; -1 if it is not known. */
  private long present(Known one, String column) {
    if (partitionBy.contains(column)) {
      String value = one.file().partition().get(column);
      return value == null ? -1 : value.isEmpty() ? 0 : one.facts().rows();
    }
    Long nulls = one.facts().nulls().get(column);
    if (nulls == null || nulls < 0 || nulls > one.facts().rows()) {
      return -1;
    }
    return one.facts().rows() - nulls;
  }

  /** The bounds of a column. */
  Optional<Extremes> extremes(StructField column) {
    if (!isSame(column) || !isTrusted(column.dataType())) {
      return Optional.empty();
    }
    BigDecimal least = null;
    BigDecimal most = null;
    for (Known one : files) {
      long present = present(one, column.name());
      if (present < 0) {
        return Optional.empty();
      }
      if (present > 0) {
        BigDecimal low = bound(one, column, one.facts().least().get(column.name()));
        BigDecimal high = bound(one, column, one.facts().most().get(column.name()));
        if (low == null || high == null || low.compareTo(high) > 0) {
          return Optional.empty();
        }
        least = least == null || low.compareTo(least) < 0 ? low : least;
        most = most == null || high.compareTo(most) > 0 ? high : most;
      }
    }
    return Optional.of(new Extremes(least, most));
  }

  private @Nullable BigDecimal bound(Known one, StructField column, @Nullable String stated) {
    boolean isPartition = partitionBy.contains(column.name());
    String text = isPartition ? one.file().partition().get(column.name()) : stated;
    if (text == null) {
      return null;
    }
    try {
      return column.dataType() instanceof DateType
          ? BigDecimal.valueOf(LocalDate.parse(text).toEpochDay())
          : new BigDecimal(text);
    } catch (NumberFormatException | DateTimeException e) {
      return null;
    }
  }

  /** Whether the column of the rows is the one that was written. */
  private boolean isSame(StructField column) {
    return isCounted
        && Arrays.stream(schema.fields())
            .anyMatch(
                field ->
                    field.name().equals(column.name())
                        && field.dataType().equals(column.dataType()));
  }

  static boolean isTrusted(DataType type) {
    return type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType
        || type instanceof DecimalType
        || type instanceof DateType;
  }
}
