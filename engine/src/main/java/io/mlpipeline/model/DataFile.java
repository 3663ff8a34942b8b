package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One Parquet file of a table.
 *
 * @param path relative to the table's root, decoded; an absolute URI only if the log says so
 * @param partition value by partition column as Delta writes it; the empty string stands for null
 * @param size bytes
 * @param modifiedMillis modification time, milliseconds since the epoch
 * @param rows rows, or -1 if unknown
 * @param stats Delta's statistics as JSON ({@code numRecords}, {@code nullCount}, {@code
 *     minValues}, {@code maxValues}); null if there are none
 */
public record DataFile(
    String path,
    SortedMap<String, String> partition,
    long size,
    long modifiedMillis,
    long rows,
    @Nullable String stats) {

  public DataFile {
    partition = Collections.unmodifiableSortedMap(new TreeMap<>(partition));
  }
}
