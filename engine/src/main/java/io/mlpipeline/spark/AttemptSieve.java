package io.mlpipeline.spark;

import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.Sifted;
import io.mlpipeline.spark.gate.Auditor;
import io.mlpipeline.spark.gate.FileStatistics;
import io.mlpipeline.spark.gate.GateContext;
import io.mlpipeline.spark.gate.RowRules;
import io.mlpipeline.spark.gate.Small;
import io.mlpipeline.spark.gate.TableDigest;
import io.mlpipeline.spark.table.QuarantineRows;
import io.mlpipeline.spark.table.SchemaDigest;
import io.mlpipeline.spark.table.TableReader;
import io.mlpipeline.spark.table.TableStager;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Divides rows into those that break quarantine rules and those that do not. */
final class AttemptSieve {

  /** Enough of a row to know what it is about. */
  private static final int SHOWN_COLUMNS = 12;

  private static final int SHOWN_LETTERS = 40;
  private static final String MASK = "***";

  private final SparkSession spark;
  private final AttemptCall call;
  private final String warehouseUri;

  AttemptSieve(SparkSession spark, AttemptCall call, String warehouseUri) {
    this.spark = spark;
    this.call = call;
    this.warehouseUri = warehouseUri;
  }

  /** The rules of a gate by which rows can be told apart. */
  static List<GateRule> rowRules(GateSpec gate) {
    return gate.rules(Severity.QUARANTINE).stream()
        .filter(rule -> RowRules.refusal(rule).isEmpty())
        .toList();
  }

  /** Whether a marked row breaks one of these rules. */
  private static Column breaks(List<GateRule> rules) {
    Column[] ids = rules.stream().map(rule -> functions.lit(rule.id())).toArray(Column[]::new);
    Column any = functions.arrays_overlap(functions.col(RowRules.COLUMN), functions.array(ids));
    return ids.length == 0 ? functions.lit(false) : functions.coalesce(any, functions.lit(false));
  }

  /**
   * Divides staged rows.
   *
   * @param computed the step's own rows with the column that says where each was read; null if it
   *     gave none
   */
  Sifted sift(
      StagedTable table,
      OutputSpec output,
      List<GateRule> broken,
      @Nullable Dataset<Row> computed,
      GateContext context) {
    List<GateRule> rules = rowRules(output.gate());
    List<GateRule> guilty = broken.stream().filter(rules::contains).toList();
    Dataset<Row> staged = TableReader.read(spark, warehouseUri, table);
    Dataset<Row> aligned = computed == null ? null : QuarantineRows.aligned(computed, table);
    if (!Small.is(table, staged.schema().size())) {
      return divide(
          table,
          output,
          guilty,
          RowRules.mark(staged, rules, context),
          aligned == null ? null : RowRules.mark(aligned, rules, context));
    }
    // What the step does is its own affair, and may be much: only its few rows are interpreted.
    Dataset<Row> few = aligned == null ? null : aligned.localCheckpoint().coalesce(1);
    return Small.interpreted(
        spark,
        () ->
            divide(
                table,
                output,
                guilty,
                RowRules.mark(staged.coalesce(1), rules, context),
                few == null ? null : RowRules.mark(few, rules, context)));
  }

  /**
   * Writes what is kept and what is set apart.
   *
   * @param marked the staged rows
   * @param computed the step's own rows; null if it gave none
   */
  private Sifted divide(
      StagedTable table,
      OutputSpec output,
      List<GateRule> guilty,
      Dataset<Row> marked,
      @Nullable Dataset<Row> computed) {
    StructType schema = marked.drop(RowRules.COLUMN).schema();
    StagedTable kept =
        stager("kept")
            .write(marked.where(functions.not(breaks(guilty))).drop(RowRules.COLUMN), table);
    Dataset<Row> bad = (computed == null ? marked : computed).where(breaks(guilty));
    StagedTable apart =
        stager("apart")
            .write(
                QuarantineRows.of(bad, schema, call),
                QuarantineRows.table(output.port(), output.name(), schema, call));
    ContentDigest moved =
        apart.rows() == 0
            ? ContentDigest.EMPTY
            : TableDigest.of(
                QuarantineRows.own(TableReader.read(spark, warehouseUri, apart), schema));
    return new Sifted(kept, apart, moved);
  }

  /** Looks at staged rows of a quarantine. */
  SetApart inspect(StagedTable apart, @Nullable SchemaSpec contract) {
    Dataset<Row> rows = TableReader.read(spark, warehouseUri, apart);
    Dataset<Row> lasting = rows.drop(QuarantineTable.RUN, QuarantineTable.ATTEMPT);
    SortedMap<String, Long> byRule = new TreeMap<>();
    String example = "none";
    if (apart.rows() > 0) {
      for (Row one :
          rows.select(functions.explode(functions.col(QuarantineTable.RULES)).as("rule"))
              .groupBy("rule")
              .count()
              .collectAsList()) {
        byRule.put(one.getString(0), one.getLong(1));
      }
      example = example(rows.head(), contract);
    }
    return new SetApart(
        apart,
        TableDigest.of(lasting).toString(),
        SchemaDigest.of(lasting.schema()),
        byRule,
        example);
  }

  private static String example(Row row, @Nullable SchemaSpec contract) {
    Set<String> masked = new HashSet<>();
    if (contract != null) {
      contract.columns().stream()
          .filter(ColumnSpec::pii)
          .forEach(c -> masked.add(c.name().toLowerCase(Locale.ROOT)));
    }
    List<String> values = new ArrayList<>();
    String[] names = row.schema().fieldNames();
    for (int i = 0; i < names.length && values.size() < SHOWN_COLUMNS; i++) {
      if (!names[i].startsWith("_")) {
        boolean secret = masked.contains(names[i].toLowerCase(Locale.ROOT)) && !row.isNullAt(i);
        values.add(names[i] + "=" + (secret ? MASK : shortened(String.valueOf(row.get(i)))));
      }
    }
    Object file = row.getAs(QuarantineTable.SOURCE_FILE);
    return row.getList(row.fieldIndex(QuarantineTable.RULES))
        + " by "
        + String.join(", ", values)
        + (file == null ? "" : " of " + file);
  }

  private static String shortened(String value) {
    return value.length() <= SHOWN_LETTERS ? value : value.substring(0, SHOWN_LETTERS) + "...";
  }

  /** The rows of an input that hold, what it says of the others, and the report on all. */
  record Input(Dataset<Row> kept, GateReport gate, @Nullable SetApart apart) {}

  /** Judges an input; if quarantine rules fail, its rows are divided and the rest judged again. */
  Input input(Dataset<Row> rows, FileStatistics known, InputSpec source, AttemptGates context) {
    String dataset = source.name();
    GateSpec gate = source.gate();
    GateReport first = Auditor.judge(rows, known, dataset, gate, context);
    List<GateRule> rules = rowRules(gate);
    List<GateRule> guilty =
        first.outcomes().stream()
            .filter(o -> !o.passed() && o.waiver() == null)
            .map(RuleOutcome::rule)
            .filter(rules::contains)
            .toList();
    if (guilty.isEmpty()) {
      return new Input(rows, first, null);
    }
    Dataset<Row> bad =
        RowRules.mark(QuarantineRows.withFile(rows), rules, context).where(breaks(guilty));
    StagedTable staged =
        stager("apart")
            .write(
                QuarantineRows.of(bad, rows.schema(), call),
                QuarantineRows.table("", dataset, rows.schema(), call));
    Dataset<Row> kept =
        RowRules.mark(rows, rules, context)
            .where(functions.not(breaks(guilty)))
            .drop(RowRules.COLUMN);
    GateReport again = Auditor.judge(kept, dataset, gate, context.ofSome());
    SetApart apart = inspect(staged, source.schema());
    List<RuleOutcome> outcomes = new ArrayList<>(again.outcomes());
    outcomes.add(
        apart
            .report()
            .share(
                dataset,
                gate.maxQuarantine(),
                source.at(),
                kept.count(),
                apart.words(),
                apart.place()));
    return new Input(kept, GateReport.of(dataset, outcomes, apart.report()), apart);
  }

  /** Names files apart from what else the attempt writes to the same directory. */
  private TableStager stager(String purpose) {
    return new TableStager(warehouseUri, call.attempt() + "-" + purpose);
  }
}
