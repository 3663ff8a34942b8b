package io.mlpipeline.steps;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.step.StepOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Where every row that was read went.
 *
 * @param read rows that the readers gave
 * @param bad rows kept aside
 * @param duplicate good rows that gave way to another of the same key
 * @param published the rest
 * @param blank by column, published rows where white space stood for a value
 * @param example the first bad row by file and record: file, record, reason; null if none is bad
 */
record IngestAccount(
    long read,
    long bad,
    long duplicate,
    long published,
    SortedMap<String, Long> blank,
    @Nullable Row example) {

  private static final int SHOWN = 200;

  /** Counts all in one pass over rows as {@link CheckedRows} leaves them. */
  static IngestAccount of(Dataset<Row> numbered, List<ContractColumn> contract) {
    Column good = col("_reason").isNull();
    Column stays = good.and(col("_copy").equalTo(1));
    List<Column> counts = new ArrayList<>();
    counts.add(count(col("_reason")));
    counts.add(count_if(good.and(col("_copy").gt(1))));
    counts.add(count_if(stays));
    Column record = substring(col("_record"), 1, SHOWN).as("_record");
    counts.add(min(when(col("_reason").isNotNull(), struct(col("_file"), record, col("_reason")))));
    for (ContractColumn column : contract) {
      Column here = array_contains(col("_blank"), column.name());
      counts.add(count_if(stays.and(coalesce(here, lit(false)))));
    }
    Row row = numbered.agg(count(lit(1)), counts.toArray(Column[]::new)).head();
    SortedMap<String, Long> blank = new TreeMap<>();
    for (int i = 0; i < contract.size(); i++) {
      if (row.getLong(i + 5) > 0) {
        blank.put(contract.get(i).name(), row.getLong(i + 5));
      }
    }
    return new IngestAccount(
        row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3), blank, row.getStruct(4));
  }

  /** Throws if a row is unaccounted for, or if more rows are bad than the share allows. */
  IngestAccount check(double allowedShare) {
    if (read != bad + duplicate + published) {
      throw new EngineException(
          ErrorType.INTERNAL_ERROR,
          "of %d rows read, %d are bad, %d duplicates and %d published, which does not add up"
              .formatted(read, bad, duplicate, published));
    }
    if (example == null || bad <= allowedShare * read) {
      return this;
    }
    String message =
        String.format(
            Locale.ROOT,
            "%d of %d records are bad (%.2f %%, allowed %.2f %%); for example in %s: %s; record: %s",
            bad,
            read,
            100.0 * bad / read,
            100.0 * allowedShare,
            example.getString(0),
            example.getString(2),
            example.getString(1));
    Map<String, String> diagnostics =
        Map.of("rows_read", String.valueOf(read), "rows_bad", String.valueOf(bad));
    throw new EngineException(ErrorType.CONTRACT_BROKEN, message, diagnostics, null);
  }

  /** The same output with the account as metrics. */
  StepOutput addTo(StepOutput output) {
    StepOutput counted =
        output
            .withMetric("rows_read", (double) read)
            .withMetric("rows_bad", (double) bad)
            .withMetric("rows_duplicate", (double) duplicate)
            .withMetric("rows_published", (double) published);
    for (Map.Entry<String, Long> column : blank.entrySet()) {
      counted =
          counted.withMetric("blank_values." + column.getKey(), column.getValue().doubleValue());
    }
    return counted;
  }
}
