package io.mlpipeline.spark.gate;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.Audited;
import io.mlpipeline.spark.table.SchemaDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Judges staged rows by their gate and computes their content digest, in one scan of the rows; only
 * rules about uniqueness, distinct values and entropy, and {@code CustomSql}, run passes of their
 * own: one for each set of columns and filter (none if rows are few), one for each query.
 *
 * <p>A rule never passes unseen: one that cannot be evaluated, for whatever reason of its own, is a
 * failed outcome that says why, and leaves the other rules alone. What is not a rule's fault (an
 * unreadable file, a lost executor) is thrown as Spark throws it. The same rows give the same
 * answer, except for {@code DataFreshness}, which looks at the clock. Nothing is written, so an
 * audit may be repeated.
 */
public final class Auditor {

  private Auditor() {}

  /**
   * Judges and digests what a step staged.
   *
   * @param rows exactly the rows of the staged files
   * @param table the staged files; their size decides how the work is done, not what comes of it
   * @param output the output with its gate, which may be open
   * @param context what else the gate may look at
   */
  public static Audited audit(
      Dataset<Row> rows, StagedTable table, OutputSpec output, GateContext context) {
    FileStatistics known = FileStatistics.of(rows.schema(), table.partitionBy(), table.files());
    boolean isSmall = Small.is(table, rows.schema().size());
    Vital vital = isSmall ? DigestScan.byRows(rows.schema()) : DigestScan.of(rows);
    Trial trial =
        isSmall
            ? Small.trial(rows, known, output.gate(), context, vital)
            : Trial.of(rows, known, Gauges.Size.MANY, output.gate(), context, vital);
    return new Audited(
        table,
        trial.digest(),
        SchemaDigest.of(rows.schema()),
        GateReport.of(output.name(), trial.outcomes()),
        PartitionDigests.of(rows, table, vital, trial.digest()));
  }

  /** Judges rows by a gate, without a digest; an open gate reads nothing. */
  public static GateReport judge(
      Dataset<Row> rows, String dataset, GateSpec gate, GateContext context) {
    return judge(rows, FileStatistics.NONE, dataset, gate, context);
  }

  /**
   * Judges the rows of files that say something of themselves, without a digest; nothing is read if
   * that answers every rule. The number of rows is on record, with the first rule if none asks for
   * it.
   *
   * @param known the statistics of exactly the files that hold the rows
   */
  public static GateReport judge(
      Dataset<Row> rows, FileStatistics known, String dataset, GateSpec gate, GateContext context) {
    if (gate.isOpen()) {
      return GateReport.of(dataset, List.of());
    }
    Vital vital = known.rows().isPresent() ? Vital.NONE : Vital.COUNT;
    Trial trial =
        Small.is(rows)
            ? Small.trial(rows, known, gate, context, vital)
            : Trial.of(rows, known, Gauges.Size.MANY, gate, context, vital);
    long counted = vital == Vital.NONE ? known.rows().getAsLong() : trial.vital().getLong(0);
    return GateReport.of(dataset, withRowCount(trial.outcomes(), counted));
  }

  private static List<RuleOutcome> withRowCount(List<RuleOutcome> judged, long rows) {
    List<RuleOutcome> outcomes = new ArrayList<>(judged);
    RuleOutcome first = outcomes.get(0);
    SortedMap<String, Double> observed = new TreeMap<>(first.observed());
    observed.put("Dataset.*.RowCount", (double) rows);
    outcomes.set(
        0,
        new RuleOutcome(first.rule(), first.passed(), first.message(), observed, first.waiver()));
    return outcomes;
  }
}
