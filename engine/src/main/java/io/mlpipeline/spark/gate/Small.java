package io.mlpipeline.spark.gate;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.StagedTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.math.BigInt;

/**
 * Runs what has few rows without compiling it. Every schema and gate is a program of its own to
 * Spark; to generate and compile it takes several times as long as to interpret it over a few
 * thousand rows. Results are the same.
 */
public final class Small {

  private static final Map<String, String> INTERPRETED =
      Map.of(
          "spark.sql.codegen.wholeStage", "false", "spark.sql.codegen.factoryMode", "NO_CODEGEN");

  /** Values up to which interpreting is faster; measured with twelve columns of many types. */
  private static final long FEW_VALUES = 100_000;

  private static final long FEW_BYTES = 256L << 10;

  private Small() {}

  /** Whether staged files hold little enough. */
  public static boolean is(StagedTable table, int columns) {
    return is(table, columns, 0);
  }

  /** Whether staged files and so many rows more hold little enough. */
  public static boolean is(StagedTable table, int columns, long more) {
    boolean isCounted = table.files().stream().allMatch(file -> file.rows() >= 0);
    return isCounted && (table.rows() + more) * Math.max(1, columns) <= FEW_VALUES;
  }

  /** Whether rows of unknown number are few, by Spark's own estimate. */
  static boolean is(Dataset<Row> rows) {
    BigInt bytes = rows.queryExecution().optimizedPlan().stats().sizeInBytes();
    return bytes.isValidLong() && bytes.toLong() <= FEW_BYTES;
  }

  /** Judges few rows: in one task, which needs no shuffle, and interpreted. */
  static Trial trial(
      Dataset<Row> rows,
      FileStatistics statistics,
      GateSpec gate,
      GateContext context,
      Vital vital) {
    Dataset<Row> together = rows.coalesce(1);
    return interpreted(
        rows.sparkSession(),
        () -> Trial.of(together, statistics, Gauges.Size.FEW, gate, context, vital));
  }

  /** Two audits in one session take turns, or each could put back what the other had set. */
  public static <T> T interpreted(SparkSession session, Supplier<T> work) {
    RuntimeConfig settings = session.conf();
    synchronized (settings) {
      Map<String, Option<String>> before = new LinkedHashMap<>();
      INTERPRETED.forEach(
          (key, value) -> {
            before.put(key, settings.getAll().get(key));
            settings.set(key, value);
          });
      try {
        return work.get();
      } finally {
        before.forEach((key, value) -> restore(settings, key, value));
      }
    }
  }

  private static void restore(RuntimeConfig settings, String key, Option<String> value) {
    if (value.isDefined()) {
      settings.set(key, value.get());
    } else {
      settings.unset(key);
    }
  }
}
