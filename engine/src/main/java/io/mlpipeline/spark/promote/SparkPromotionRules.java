package io.mlpipeline.spark.promote;

import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.spark.gate.SqlRefusals;
import io.mlpipeline.spark.promote.NamedMetric.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates rules over one row of what was measured: {@code candidate}, {@code champion} and {@code
 * latency} are structs of doubles, {@code slices} is an array of structs with {@code slice} (text),
 * {@code rows} (bigint) and metrics. Slices that are too small are not in it. Names are compared
 * without regard to case.
 */
public final class SparkPromotionRules implements PromotionRules {

  private static final int MOST_BLAMED = 5;

  private final SparkSession spark;

  /**
   * @param spark a session under the engine's settings
   */
  public SparkPromotionRules(SparkSession spark) {
    this.spark = spark;
  }

  @Override
  public List<Decided> decide(List<PromotionRule> rules, Evidence evidence) {
    Measures measures = new Measures(evidence);
    List<ParsedRule> parsed = rules.stream().map(ParsedRule::of).toList();
    List<List<Fault>> faults = parsed.stream().map(rule -> faults(rule, measures)).toList();
    boolean isComplete = faults.stream().allMatch(List::isEmpty);
    MeasuredRow row = new MeasuredRow(measures, named(parsed));
    List<Decided> decided = new ArrayList<>();
    for (int i = 0; i < parsed.size(); i++) {
      ParsedRule rule = parsed.get(i);
      String why =
          isComplete ? evaluate(rule, row, measures).orElse(null) : unevaluated(faults.get(i));
      TreeMap<String, Double> observed = new TreeMap<>(measures.observed(rule));
      observed.values().removeIf(value -> !Double.isFinite(value));
      decided.add(new Decided(rule.rule().text(), why == null, why, observed));
    }
    return decided;
  }

  private static List<Fault> faults(ParsedRule rule, Measures measures) {
    return rule.isSound() ? measures.missing(rule) : rule.faults();
  }

  private static String unevaluated(List<Fault> faults) {
    return faults.isEmpty()
        ? "not evaluated: another rule cannot be"
        : faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
  }

  private static SortedSet<NamedMetric> named(List<ParsedRule> rules) {
    SortedSet<NamedMetric> all = new TreeSet<>();
    rules.forEach(rule -> all.addAll(rule.metrics()));
    return all;
  }

  /** Why the rule does not pass; empty if it does. */
  private Optional<String> evaluate(ParsedRule rule, MeasuredRow row, Measures measures) {
    try {
      Dataset<Row> answer = row.whole(spark).select(rule.column());
      DataType type = answer.schema().fields()[0].dataType();
      if (!type.equals(DataTypes.BooleanType)) {
        return Optional.of("it gives " + type.catalogString() + ", not true or false");
      }
      Boolean value = (Boolean) answer.head().get(0);
      if (Boolean.TRUE.equals(value)) {
        return Optional.empty();
      }
      return Optional.of(value == null ? ofNull(rule) : ofFalse(rule, row, measures));
    } catch (Exception e) {
      return Optional.of("it cannot be evaluated: " + SqlRefusals.firstLine(e));
    }
  }

  private static String ofNull(ParsedRule rule) {
    boolean ofChampion = rule.metrics().stream().anyMatch(m -> m.root() == Root.CHAMPION);
    return "it gives null, which is no pass"
        + (ofChampion ? " (write coalesce(champion..., ...) for when there is no champion)" : "");
  }

  private String ofFalse(ParsedRule rule, MeasuredRow row, Measures measures) {
    if (!rule.isForAllSlices()) {
      return "it is false";
    }
    List<Row> answers = row.bySlice(spark).select(rule.column()).collectAsList();
    List<String> blamed = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (!Boolean.TRUE.equals(answers.get(i).get(0))) {
        blamed.add(shown(measures.slices().get(i), rule));
      }
    }
    int named = Math.min(MOST_BLAMED, blamed.size());
    String more = blamed.size() > named ? " and " + (blamed.size() - named) + " more" : "";
    return "it is false for " + String.join(", ", blamed.subList(0, named)) + more;
  }

  private static String shown(Measures.Slice slice, ParsedRule rule) {
    List<String> values = new ArrayList<>();
    for (NamedMetric one : rule.metrics()) {
      @Nullable Double value = slice.metrics().get(one.metric());
      if (one.root() == Root.SLICES && value != null) {
        values.add(String.format(Locale.ROOT, "%s %.4g", one.metric(), value));
      }
    }
    return slice.name() + (values.isEmpty() ? "" : " (" + String.join(", ", values) + ")");
  }
}
