package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.mlpipeline.model.ContentDigest;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a judging learns of the rows besides what its rules ask, in the scan that they share. */
interface Vital {

  /** Nothing. */
  Vital NONE = () -> new Column[0];

  /** The number of rows. */
  Vital COUNT = () -> new Column[] {count(lit(1L))};

  /** The aggregates; they must succeed. */
  Column[] aggregates();

  /** The rows as they are to be read by the scan that holds these aggregates. */
  default Dataset<Row> scanned(Dataset<Row> rows) {
    return rows;
  }

  /**
   * Digests by file, as Spark names it, once the aggregates' values are here; if they are known.
   */
  default Optional<Map<String, ContentDigest>> byFile() {
    return Optional.empty();
  }

  /** The digest of the rows, once the aggregates' values are here. */
  default Optional<ContentDigest> digest(Row values) {
    return Optional.empty();
  }
}
