package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * The scan that all rules share. What two rules ask alike is computed once. A measure that cannot
 * be resolved, or that fails on the data, fails alone: Spark would fail the whole aggregate.
 */
final class Scan {

  /** Beyond some hundred aggregates Spark gives up compiling the loop, at seven times the cost. */
  static final int MOST = 64;

  private final Dataset<Row> rows;
  private final Map<List<Expression>, Measure> measures = new LinkedHashMap<>();
  private final Measure vital;
  private final Dataset<Row> scanned;

  /**
   * A scan of these rows.
   *
   * @param vital aggregates over everything that a rule may read: if they fail, it is not a rule's
   *     fault and the scan throws; without any, and without measures, nothing runs
   */
  Scan(Dataset<Row> rows, Vital vital) {
    this.rows = rows;
    this.scanned = vital.scanned(rows);
    this.vital = measure(vital.aggregates());
  }

  Measure vital() {
    return vital;
  }

  /** To be called before the scan runs. */
  Measure measure(Column... columns) {
    // Two equal aggregates are told apart by a number that Spark gives each; this leaves it out.
    List<Expression> key = Arrays.stream(columns).map(c -> c.expr().canonicalized()).toList();
    return measures.computeIfAbsent(key, absent -> new Measure(List.of(columns)));
  }

  void run() {
    List<Measure> chunk = new ArrayList<>();
    int width = 0;
    for (Measure one : measures.values()) {
      if (width + one.columns().size() > MOST && !chunk.isEmpty()) {
        runTogether(chunk);
        chunk = new ArrayList<>();
        width = 0;
      }
      chunk.add(one);
      width += one.columns().size();
    }
    if (width > 0) {
      runTogether(chunk);
    }
  }

  private void runTogether(List<Measure> chunk) {
    Dataset<Row> plan;
    try {
      plan = aggregate(chunk);
    } catch (Exception e) {
      apart(chunk, e);
      return;
    }
    try {
      deliver(chunk, plan.collectAsList().get(0));
    } catch (Exception e) {
      halve(chunk, e);
    }
  }

  /** Drops what cannot be resolved, which costs no job, and runs the rest. */
  private void apart(List<Measure> chunk, Exception cause) {
    List<Measure> good = new ArrayList<>();
    for (Measure one : chunk) {
      try {
        aggregate(List.of(one));
        good.add(one);
      } catch (Exception e) {
        fail(one, e);
      }
    }
    if (good.size() == chunk.size()) {
      throw Failures.unchecked(cause);
    }
    if (!good.isEmpty()) {
      runTogether(good);
    }
  }

  /** Finds what fails on the data by halves: one bad rule of 64 costs six more scans at most. */
  private void halve(List<Measure> chunk, Exception cause) {
    if (!Failures.isOfTheRule(cause)) {
      throw Failures.unchecked(cause);
    }
    if (chunk.size() == 1) {
      fail(chunk.get(0), cause);
      return;
    }
    int middle = chunk.size() / 2;
    runTogether(chunk.subList(0, middle));
    runTogether(chunk.subList(middle, chunk.size()));
  }

  private void fail(Measure one, Exception cause) {
    if (one == vital) {
      throw Failures.unchecked(cause);
    }
    one.fail(Failures.words(cause));
  }

  private Dataset<Row> aggregate(List<Measure> chunk) {
    List<Column> all = new ArrayList<>();
    for (Measure one : chunk) {
      for (Column column : one.columns()) {
        all.add(column.as("m" + all.size()));
      }
    }
    Dataset<Row> read = chunk.contains(vital) ? scanned : rows;
    return read.agg(all.get(0), all.subList(1, all.size()).toArray(new Column[0]));
  }

  private static void deliver(List<Measure> chunk, Row row) {
    int at = 0;
    for (Measure one : chunk) {
      Object[] values = new Object[one.columns().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(at++);
      }
      one.deliver(RowFactory.create(values));
    }
  }
}
