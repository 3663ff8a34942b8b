package io.mlpipeline.spark.gate;

import io.mlpipeline.spark.gate.AnomalySettings.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.DQRuleLogicalOperator;
import software.amazon.glue.dqdl.model.condition.Condition;

/** What a {@code DetectAnomalies} rule says: a metric, and how its next value is expected. */
final class Anomaly {

  static final String TYPE = "DetectAnomalies";

  private static final String PARAMETER = "MetricParameter";
  static final String MIN_RUNS = "min_runs";
  private static final String STRATEGY = "strategy";
  static final String QUANTILE = "Quantile";

  /** How many columns each metric is about; -1 for any number of them. */
  private static final Map<String, Integer> METRICS = new TreeMap<>();

  static {
    METRICS.put("RowCount", 0);
    METRICS.put("ColumnCount", 0);
    METRICS.put("DuplicateRowCount", -1);
    METRICS.put("ColumnCorrelation", 2);
    METRICS.put(QUANTILE, 2);
    METRICS.put("Uniqueness", -2);
    for (String one :
        List.of(
            "Completeness",
            "UniqueValueRatio",
            "DistinctValuesCount",
            "Entropy",
            "Minimum",
            "Maximum",
            "Mean",
            "Sum",
            "StandardDeviation",
            "Variance",
            "Skewness",
            "Kurtosis",
            "Range",
            "InterquartileRange",
            "ZerosCount")) {
      METRICS.put(one, 1);
    }
  }

  private final DQRule rule;
  private final String metric;
  private final List<String> rest;

  private Anomaly(DQRule rule) {
    this.rule = rule;
    List<String> all = new ArrayList<>();
    for (int i = 1; rule.getParameters().containsKey(PARAMETER + i); i++) {
      all.add(rule.getParameters().get(PARAMETER + i));
    }
    this.metric = all.isEmpty() ? "" : all.get(0);
    this.rest = all.isEmpty() ? all : all.subList(1, all.size());
  }

  static Anomaly of(DQRule rule) {
    return new Anomaly(rule);
  }

  static boolean is(DQRule rule) {
    return TYPE.equals(rule.getRuleType());
  }

  String metric() {
    return metric;
  }

  /** The columns that the metric is about. */
  List<String> columns() {
    return QUANTILE.equals(metric) && !rest.isEmpty() ? rest.subList(0, 1) : rest;
  }

  /** Which quantile is asked for, if one is. */
  double quantile() {
    return Double.parseDouble(rest.get(1));
  }

  /** The metric as a rule of its own type, so that its columns are checked as there. */
  DQRule asMetric() {
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> columns = columns();
    for (int i = 0; i < columns.size(); i++) {
      parameters.put("TargetColumn" + (columns.size() == 1 ? "" : i + 1), columns.get(i));
    }
    return new DQRule(
        metric,
        parameters,
        new Condition(""),
        new Condition(""),
        DQRuleLogicalOperator.AND,
        List.of(),
        rule.getWhereClause());
  }

  AnomalySettings settings() {
    Strategy strategy =
        Strategy.of(rule.getTags().getOrDefault(STRATEGY, Strategy.ROBUST.word())).orElseThrow();
    return AnomalySettings.of(strategy, kind(), rule.getTags());
  }

  private Kind kind() {
    boolean isCount = metric.endsWith("Count");
    return RuleTypes.RATIOS.contains(metric) ? Kind.SHARE : isCount ? Kind.COUNT : Kind.NUMBER;
  }

  /** Everything that is wrong with the rule, but for its columns. */
  List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    Integer columns = METRICS.get(metric);
    if (columns == null) {
      faults.add(unknown("metric", metric, METRICS.keySet()));
    } else if (!fits(columns)) {
      faults.add(
          Fault.of(metric + " is about " + words(columns) + ", not " + rest.size(), example()));
    } else if (QUANTILE.equals(metric) && !isWithin(rest.get(1), 0, 1)) {
      faults.add(Fault.of("\"" + rest.get(1) + "\" is no quantile", "from \"0\" to \"1\""));
    }
    tags(faults);
    return faults;
  }

  private boolean fits(int columns) {
    return columns < 0 ? rest.size() >= -columns - 1 : rest.size() == columns;
  }

  private static String words(int columns) {
    return switch (columns) {
      case -1 -> "any number of columns";
      case -2 -> "one column or more";
      case 0 -> "the whole table";
      case 1 -> "one column";
      default -> "two names";
    };
  }

  private String example() {
    String names = QUANTILE.equals(metric) ? " \"column\" \"0.5\"" : " \"column\"";
    return TYPE
        + " \""
        + metric
        + "\""
        + (Integer.valueOf(0).equals(METRICS.get(metric)) ? "" : names);
  }

  private void tags(List<Fault> faults) {
    String word = rule.getTags().getOrDefault(STRATEGY, Strategy.ROBUST.word());
    @Nullable Strategy strategy = Strategy.of(word).orElse(null);
    if (strategy == null) {
      faults.add(unknown(STRATEGY, word, Strategy.words()));
      return;
    }
    for (Map.Entry<String, String> tag : rule.getTags().entrySet()) {
      tag(strategy, tag.getKey(), tag.getValue(), faults);
    }
    boolean isBounded = rule.getTags().containsKey("lower") || rule.getTags().containsKey("upper");
    if (strategy.isTold() && !isBounded) {
      faults.add(
          Fault.of(
              word + " does not know what to allow", "with lower = -5 with upper = 5, or one"));
    }
    if (faults.isEmpty()) {
      bounds(faults);
    }
  }

  private void bounds(List<Fault> faults) {
    AnomalySettings settings = settings();
    if (settings.lower() > settings.upper()) {
      faults.add(Fault.of("nothing lies between lower and upper", "lower is the smaller one"));
    }
    if (settings.minRuns() > History.MOST_RUNS) {
      faults.add(
          Fault.of(
              settings.minRuns()
                  + " runs are needed and "
                  + History.MOST_RUNS
                  + " are kept in view",
              "a season is at most " + History.MOST_RUNS / 2 + " runs"));
    }
  }

  private static void tag(Strategy strategy, String tag, String value, List<Fault> faults) {
    boolean isKnown = STRATEGY.equals(tag) || MIN_RUNS.equals(tag) || strategy.takes(tag);
    if (!isKnown) {
      List<String> known = new ArrayList<>(List.of(STRATEGY, MIN_RUNS));
      List.of("sigma", "floor", "runs", "season", "lower", "upper").stream()
          .filter(strategy::takes)
          .forEach(known::add);
      faults.add(
          Fault.of(
              "\"with " + tag + "\" has no effect on strategy " + strategy.word(),
              Nearest.suggestion(tag, known).orElse("it takes " + String.join(", ", known))));
      return;
    }
    switch (tag) {
      case MIN_RUNS, "runs" -> whole(tag, value, 1, faults);
      case "season" -> whole(tag, value, 2, faults);
      case "sigma" -> number(tag, value, 0.1, faults);
      case "floor" -> number(tag, value, 0, faults);
      case "lower", "upper" -> number(tag, value, Double.NEGATIVE_INFINITY, faults);
      default -> {}
    }
  }

  static void whole(String tag, String value, int least, List<Fault> faults) {
    if (!value.matches("\\d{1,4}") || !isWithin(value, least, History.MOST_RUNS)) {
      faults.add(
          Fault.of(
              "\"with " + tag + "\" cannot be " + value,
              "a whole number from " + least + " to " + History.MOST_RUNS));
    }
  }

  private static void number(String tag, String value, double least, List<Fault> faults) {
    if (!isWithin(value, least, Double.MAX_VALUE)) {
      faults.add(
          Fault.of("\"with " + tag + "\" cannot be " + value, "a number, for example 4 or 0.05"));
    }
  }

  private static boolean isWithin(String text, double least, double most) {
    try {
      double value = Double.parseDouble(text);
      return value >= least && value <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Fault unknown(String what, String wrong, Collection<String> known) {
    return Fault.of(
        "there is no " + what + " \"" + wrong + "\" that anomalies are looked for by",
        Nearest.suggestion(wrong, known).orElse("known: " + String.join(", ", known)));
  }
}
