package io.mlpipeline.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A setting that decides how much memory a step's work takes and never what comes out of it: all
 * that an attempt may be given otherwise than the one before.
 */
public enum RuntimeSetting {
  /** Into how many parts rows are divided that are exchanged: more of them are smaller ones. */
  SHUFFLE_PARTITIONS("spark.sql.shuffle.partitions", true, 1, 100_000),
  /** How many bytes of files one task reads at most. */
  MAX_PARTITION_BYTES("spark.sql.files.maxPartitionBytes", false, 1 << 20, Long.MAX_VALUE),
  /** Up to which size small parts of an exchange are put together again. */
  ADVISORY_PARTITION_BYTES(
      "spark.sql.adaptive.advisoryPartitionSizeInBytes", false, 1 << 20, Long.MAX_VALUE),
  /** Up to which size one side of a join is sent whole to everybody, through the driver. */
  BROADCAST_BYTES("spark.sql.autoBroadcastJoinThreshold", false, 1, Long.MAX_VALUE),
  /** How many rows of a Parquet file are decoded at once. */
  READER_BATCH_ROWS("spark.sql.parquet.columnarReaderBatchSize", false, 64, Long.MAX_VALUE);

  private final String key;
  private final boolean grows;
  private final long least;
  private final long most;

  RuntimeSetting(String key, boolean grows, long least, long most) {
    this.key = key;
    this.grows = grows;
    this.least = least;
    this.most = most;
  }

  /** The setting of this name. */
  public static Optional<RuntimeSetting> of(String word) {
    return Arrays.stream(values()).filter(s -> s.word().equals(word)).findFirst();
  }

  /** All names, in the order of this list. */
  public static List<String> words() {
    return Arrays.stream(values()).map(RuntimeSetting::word).toList();
  }

  /** The name in pipeline files, such as {@code shuffle-partitions}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What Spark calls it. */
  public String key() {
    return key;
  }

  /** Whether a larger value takes less memory; otherwise a smaller one does. */
  public boolean grows() {
    return grows;
  }

  /** The least sensible value. */
  public long least() {
    return least;
  }

  /** The greatest sensible value. */
  public long most() {
    return most;
  }
}
