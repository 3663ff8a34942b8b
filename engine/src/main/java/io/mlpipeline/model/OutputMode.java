package io.mlpipeline.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What becomes of the rows that a table holds already when a step publishes to it. */
public enum OutputMode {
  /** The step's rows are all that the table holds afterwards. */
  REPLACE,
  /** The step's rows are those of the partitions that were asked for; other partitions stay. */
  PARTITIONS,
  /** The step's rows are a batch: each takes the place of the row with its keys, others stay. */
  MERGE;

  /** As it is written, such as {@code merge}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode that is written like this. */
  public static Optional<OutputMode> find(String word) {
    return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
  }

  /** Every word, in order. */
  public static List<String> words() {
    return Arrays.stream(values()).map(OutputMode::word).toList();
  }
}
