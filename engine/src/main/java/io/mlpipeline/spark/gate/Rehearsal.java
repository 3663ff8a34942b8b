package io.mlpipeline.spark.gate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.MapType;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * Judges rows by a gate as a run would, and publishes nothing: rows that break a quarantine rule
 * are left out, every rule is judged on the rest, and of each rule that single rows can break it is
 * said how many do, with examples.
 */
public final class Rehearsal {

  private static final int EXAMPLES = 3;

  private Rehearsal() {}

  /**
   * The rows that break one rule.
   *
   * @param rows how many
   * @param examples up to three of them, the columns of the rule first; null values as "null"
   */
  public record Broken(long rows, List<Map<String, String>> examples) {

    public Broken {
      examples = List.copyOf(examples);
    }
  }

  /**
   * What became of a gate.
   *
   * @param report every rule's outcome, on the rows that would not be set apart
   * @param rows how many rows there are
   * @param quarantined how many would be set apart
   * @param broken the rows that break a rule, by its id; only rules that rows can break
   */
  public record Result(
      GateReport report, long rows, long quarantined, SortedMap<String, Broken> broken) {

    public Result {
      broken = Collections.unmodifiableSortedMap(new TreeMap<>(broken));
    }

    /** The share of rows that would be set apart. */
    public double quarantinedShare() {
      return rows == 0 ? 0 : (double) quarantined / rows;
    }
  }

  /** Judges rows; the same rows and gate give the same result. */
  public static Result of(Dataset<Row> rows, String dataset, GateSpec gate, GateContext context) {
    List<GateRule> ofRows =
        gate.rules().stream().filter(rule -> RowRules.refusal(rule).isEmpty()).toList();
    if (ofRows.isEmpty()) {
      return new Result(
          Auditor.judge(rows, dataset, gate, context), rows.count(), 0, new TreeMap<>());
    }
    // Read and marked once; asked often, and by long expressions that the optimizer would repeat.
    Dataset<Row> marked = RowRules.mark(rows, ofRows, context).localCheckpoint(true);
    Column[] apart =
        gate.rules(Severity.QUARANTINE).stream().map(rule -> lit(rule.id())).toArray(Column[]::new);
    Column isApart =
        apart.length == 0 ? lit(false) : arrays_overlap(col(RowRules.COLUMN), array(apart));
    Row sizes = marked.agg(count(lit(1L)), count(when(isApart, lit(1L)))).collectAsList().get(0);
    Dataset<Row> left =
        sizes.getLong(1) == 0 ? rows : marked.filter(not(isApart)).drop(RowRules.COLUMN);
    return new Result(
        Auditor.judge(left, dataset, gate, context),
        sizes.getLong(0),
        sizes.getLong(1),
        broken(marked, ofRows));
  }

  /** How many rows of each rule break it. */
  public static SortedMap<String, Long> counts(
      Dataset<Row> rows, List<GateRule> rules, GateContext context) {
    List<GateRule> ofRows =
        rules.stream().filter(rule -> RowRules.refusal(rule).isEmpty()).toList();
    SortedMap<String, Long> counts = new TreeMap<>();
    ofRows.forEach(rule -> counts.put(rule.id(), 0L));
    if (!ofRows.isEmpty()) {
      counts.putAll(counts(RowRules.mark(rows, ofRows, context)));
    }
    return counts;
  }

  private static Map<String, Long> counts(Dataset<Row> marked) {
    Map<String, Long> counts = new HashMap<>();
    marked
        .select(explode(col(RowRules.COLUMN)).as("rule"))
        .groupBy("rule")
        .agg(count(lit(1L)))
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  private static SortedMap<String, Broken> broken(Dataset<Row> marked, List<GateRule> rules) {
    Map<String, Long> counts = counts(marked);
    Map<String, List<Map<String, String>>> examples =
        counts.isEmpty() ? Map.of() : examples(marked, rules);
    SortedMap<String, Broken> broken = new TreeMap<>();
    for (GateRule rule : rules) {
      long rows = counts.getOrDefault(rule.id(), 0L);
      broken.put(rule.id(), new Broken(rows, examples.getOrDefault(rule.id(), List.of())));
    }
    return broken;
  }

  /** By a hash of the row, and not the first that happen to come. */
  private static Map<String, List<Map<String, String>>> examples(
      Dataset<Row> marked, List<GateRule> rules) {
    Column[] own =
        Arrays.stream(marked.schema().fields())
            .filter(field -> !field.name().equals(RowRules.COLUMN))
            .filter(field -> !(field.dataType() instanceof MapType))
            .map(field -> Columns.named(field.name()).cast("string").as(field.name()))
            .toArray(Column[]::new);
    List<Column> all = new ArrayList<>();
    all.add(explode(col(RowRules.COLUMN)).as("_rule"));
    all.addAll(Arrays.asList(own));
    Dataset<Row> single = marked.select(all.toArray(Column[]::new));
    Column[] texts = Arrays.stream(single.columns()).map(Columns::named).toArray(Column[]::new);
    WindowSpec byHash = Window.partitionBy("_rule").orderBy(xxhash64(texts));
    List<Row> chosen =
        single
            .withColumn("_place", row_number().over(byHash))
            .filter(col("_place").leq(EXAMPLES))
            .orderBy("_rule", "_place")
            .collectAsList();
    Map<String, List<String>> order = new HashMap<>();
    rules.forEach(rule -> order.put(rule.id(), columns(rule)));
    Map<String, List<Map<String, String>>> examples = new HashMap<>();
    for (Row row : chosen) {
      examples
          .computeIfAbsent(row.getString(0), id -> new ArrayList<>())
          .add(shown(row, order.getOrDefault(row.getString(0), List.of())));
    }
    return examples;
  }

  private static Map<String, String> shown(Row row, List<String> first) {
    Set<String> names = new LinkedHashSet<>(first);
    List<String> present = Arrays.asList(row.schema().fieldNames());
    names.retainAll(present);
    names.addAll(present.subList(1, present.size() - 1));
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names) {
      Object value = row.get(row.fieldIndex(name));
      values.put(name, String.valueOf(value));
    }
    return values;
  }

  private static List<String> columns(GateRule rule) {
    DQRule parsed = GateSyntax.read(rule.text(), null).rule();
    return parsed == null
        ? List.of()
        : RuleLeaves.of(parsed)
            .flatMap(leaf -> RuleLeaves.columns(leaf).stream())
            .map(Columns::bare)
            .toList();
  }
}
