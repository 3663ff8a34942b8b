package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.RowAccount;
import io.mlpipeline.step.StepOutput;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * Where every row that was read went.
 *
 * @param read rows that the readers gave
 * @param bad rows set apart
 * @param duplicate good rows that gave way to another of the same key
 * @param published the rest
 * @param notes what was read leniently in published rows, such as {@code blank_values.price}
 * @param newest the newest value of the column that was asked for
 */
record IngestAccount(
    long read,
    long bad,
    long duplicate,
    long published,
    SortedMap<String, Double> notes,
    @Nullable Instant newest) {

  /**
   * Counts rows as {@link CheckedRows} leaves them.
   *
   * @param dated a date or timestamp of theirs, or null
   */
  static IngestAccount of(Dataset<Row> numbered, @Nullable Column dated) {
    Column stays = CheckedRows.stays();
    Column none = lit(null).cast(DataTypes.TimestampType);
    Row row =
        numbered
            .agg(
                count(lit(1)),
                count_if(Faults.isBad()),
                count_if(Faults.isGood().and(col("_copy").gt(1))),
                count_if(stays),
                count_if(stays.and(col("_notes").isNotNull())),
                max(dated == null ? none : when(stays, dated.cast(DataTypes.TimestampType))))
            .head();
    SortedMap<String, Double> notes = new TreeMap<>();
    if (row.getLong(4) > 0) {
      numbered
          .filter(stays.and(col("_notes").isNotNull()))
          .select(explode(col("_notes")).as("note"))
          .groupBy("note")
          .count()
          .collectAsList()
          .forEach(note -> notes.put(note.getString(0), (double) note.getLong(1)));
    }
    Timestamp newest = row.getTimestamp(5);
    return new IngestAccount(
            row.getLong(0),
            row.getLong(1),
            row.getLong(2),
            row.getLong(3),
            notes,
            newest == null ? null : newest.toInstant())
        .check();
  }

  private IngestAccount check() {
    if (read != bad + duplicate + published) {
      throw new EngineException(
          ErrorType.INTERNAL_ERROR,
          "of %d rows read, %d are bad, %d duplicates and %d published, which does not add up"
              .formatted(read, bad, duplicate, published));
    }
    return this;
  }

  /** The same output with the account, and with metrics for people. */
  StepOutput addTo(StepOutput output) {
    StepOutput counted =
        output
            .withAccount("rows", new RowAccount(read, duplicate))
            .withMetric("rows_read", (double) read)
            .withMetric("rows_bad", (double) bad)
            .withMetric("rows_duplicate", (double) duplicate)
            .withMetric("rows_published", (double) published);
    for (Map.Entry<String, Double> note : notes.entrySet()) {
      counted = counted.withMetric(note.getKey(), note.getValue());
    }
    return counted;
  }
}
