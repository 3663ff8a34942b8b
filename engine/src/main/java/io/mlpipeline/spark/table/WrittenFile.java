package io.mlpipeline.spark.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One file that a task wrote, on its way from the executor to the driver.
 *
 * @param name relative to the directory that was written to, as the file system has it
 * @param directory the partition directories of the name; empty if there are none
 * @param size bytes
 * @param modifiedMillis modification time
 * @param rows rows; lines if it is not Parquet
 * @param stats Delta's statistics; null if it is not Parquet
 * @param nulls null count by top-level column of a primitive type
 */
record WrittenFile(
    String name,
    String directory,
    long size,
    long modifiedMillis,
    long rows,
    @Nullable String stats,
    Map<String, Long> nulls) {

  private static final int FIXED = 6;

  /** As text: whatever serializer the cluster is set to can carry it. */
  String[] toText() {
    List<String> out = new ArrayList<>();
    out.add(name);
    out.add(directory);
    out.add(Long.toString(size));
    out.add(Long.toString(modifiedMillis));
    out.add(Long.toString(rows));
    out.add(stats == null ? "" : stats);
    nulls.forEach(
        (column, count) -> {
          out.add(column);
          out.add(Long.toString(count));
        });
    return out.toArray(String[]::new);
  }

  static WrittenFile fromText(String[] text) {
    Map<String, Long> nulls = new TreeMap<>();
    for (int i = FIXED; i < text.length; i += 2) {
      nulls.put(text[i], Long.parseLong(text[i + 1]));
    }
    return new WrittenFile(
        text[0],
        text[1],
        Long.parseLong(text[2]),
        Long.parseLong(text[3]),
        Long.parseLong(text[4]),
        text[5].isEmpty() ? null : text[5],
        nulls);
  }
}
