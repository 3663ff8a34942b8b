package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.Condition;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;

/**
 * Adds up what rules will ask of the rows; what two rules ask alike counts once. It follows {@link
 * RuleTests}, type by type, and a test counts the passes of both.
 */
final class CostEstimate {

  private final @Nullable StructType columns;

  /** The measures of the shared scan, and how many aggregates each has. */
  private final Map<String, Integer> measures = new LinkedHashMap<>();

  private final Set<String> groupings = new LinkedHashSet<>();
  private final Set<String> shared = new LinkedHashSet<>();
  private final List<String> own = new ArrayList<>();
  private int answered;

  CostEstimate(@Nullable StructType columns) {
    this.columns = columns;
  }

  /** A simple rule, or the metric whose anomalies it looks for. */
  private record Leaf(DQRule rule, List<String> columns, Optional<String> where, String detail) {

    static Leaf of(DQRule written) {
      Optional<String> where = RuleLeaves.where(written);
      if (!Anomaly.is(written)) {
        List<String> columns = RuleLeaves.columns(written);
        return new Leaf(written, columns, where, RuleLeaves.parameter(written, "Probability"));
      }
      Anomaly anomaly = Anomaly.of(written);
      boolean isQuantile = Anomaly.QUANTILE.equals(anomaly.metric());
      String detail = isQuantile ? String.valueOf(anomaly.quantile()) : "";
      return new Leaf(anomaly.asMetric(), anomaly.columns(), where, detail);
    }

    String type() {
      return rule.getRuleType();
    }

    String first() {
      return columns.get(0);
    }

    String filter() {
      return where.map(filter -> " where " + filter).orElse("");
    }

    /** What it is about: metrics of one name and this are one metric. */
    String about() {
      return columns.stream()
              .map(column -> Columns.bare(column).toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "))
          + filter();
    }

    boolean isBounded() {
      Condition condition = rule.getCondition();
      return condition instanceof DateBasedCondition dates
          ? Bounds.of(dates).isPresent()
          : condition instanceof NumberBasedCondition numbers && Bounds.of(numbers).isPresent();
    }

    /** The operator between a number and what it is compared with; empty if there is no such. */
    String operator() {
      return rule.getCondition() instanceof NumberBasedCondition numbers
          ? numbers.getOperator().name()
          : "";
    }
  }

  void add(DQRule rule, boolean isQuarantine) {
    if (isQuarantine && RowLevel.isByRowOnly(rule)) {
      own.add("joined rules");
      return;
    }
    List<Leaf> leaves = RuleLeaves.of(rule).map(Leaf::of).toList();
    leaves.stream().filter(leaf -> !isAnswered(leaf)).forEach(this::ask);
    answered += leaves.stream().allMatch(this::isAnswered) ? 1 : 0;
  }

  /** Whether file statistics or the schema are enough. */
  private boolean isAnswered(Leaf leaf) {
    return switch (leaf.type()) {
      case "ColumnCount", "ColumnExists", "ColumnNamesMatchPattern", "SchemaMatch" -> true;
      case "RowCount", "IsComplete", "Completeness" -> leaf.where().isEmpty();
      case "Minimum", "Maximum" -> leaf.where().isEmpty() && isTrusted(leaf.first());
      case "ColumnValues" -> leaf.where().isEmpty() && leaf.isBounded() && isTrusted(leaf.first());
      default -> false;
    };
  }

  private void ask(Leaf leaf) {
    if (leaf.where().isPresent()) {
      measure("chosen" + leaf.filter(), 1);
    }
    switch (leaf.type()) {
      case "RowCount" -> {}
      case "CustomSql", "ReferentialIntegrity", "DatasetMatch", "RowCountMatch" ->
          own.add(leaf.type());
      case "AggregateMatch" -> aggregates(Comparison.of(leaf.rule()));
      case "FunctionalDependency" -> share("FunctionalDependency", leaf.about());
      case "Drift", "NewCategories", "VanishedCategories" -> share("Drift", "");
      case "IsPrimaryKey" -> {
        group(leaf);
        leaf.where().ifPresent(where -> leaf.columns().forEach(one -> present(one, leaf)));
      }
      case "IsUnique",
          "Uniqueness",
          "UniqueValueRatio",
          "Entropy",
          "DistinctValuesCount",
          "DuplicateRowCount" ->
          group(leaf);
      default -> scan(leaf);
    }
  }

  private void scan(Leaf leaf) {
    String type = leaf.type();
    switch (type) {
      case "IsComplete", "Completeness" -> present(leaf.first(), leaf);
      case "Minimum" -> measure("least " + leaf.about(), 1);
      case "Maximum" -> measure("most " + leaf.about(), 1);
      case "Quantile" -> measure(type + leaf.detail() + " " + leaf.about(), 2);
      case "ColumnLength" -> lengths(leaf);
      case "ColumnValues" -> values(leaf);
      default -> {
        if (RuleTypes.STATISTICS.contains(type)) {
          int width = Statistic.of(type, leaf.columns(), leaf.where()).aggregates().length;
          measure(type + " " + leaf.about(), width);
        } else {
          complies(leaf);
        }
      }
    }
  }

  private void lengths(Leaf leaf) {
    String operator = leaf.operator();
    boolean isBoth = operator.equals("BETWEEN") || operator.equals("EQUALS");
    if (isBoth || operator.startsWith("GREATER")) {
      measure("shortest " + leaf.about(), 1);
    }
    if (isBoth || operator.startsWith("LESS")) {
      measure("longest " + leaf.about(), 1);
    }
    if (!isBoth && !isOrder(operator)) {
      complies(leaf);
    }
  }

  private void values(Leaf leaf) {
    String operator = leaf.operator();
    if (!isOrder(operator)) {
      complies(leaf);
      return;
    }
    measure((operator.startsWith("GREATER") ? "least " : "most ") + leaf.about(), 1);
    leaf.where().ifPresent(where -> present(leaf.first(), leaf));
    if (isFloating(leaf.first())) {
      measure("nan " + leaf.about(), 1);
    }
  }

  private static boolean isOrder(String operator) {
    return operator.startsWith("GREATER") || operator.startsWith("LESS");
  }

  /** A test of single rows: how many meet it. */
  private void complies(Leaf leaf) {
    Condition condition = leaf.rule().getCondition();
    String asked = condition == null ? "" : String.valueOf(condition.getConditionAsString());
    String expression = RuleLeaves.parameter(leaf.rule(), "Condition");
    measure(leaf.type() + " " + asked + " " + expression + " " + leaf.about(), 1);
  }

  private void present(String column, Leaf leaf) {
    measure("present " + Columns.bare(column).toLowerCase(Locale.ROOT) + leaf.filter(), 1);
  }

  private void group(Leaf leaf) {
    groupings.add(leaf.columns().isEmpty() ? "all columns" + leaf.filter() : leaf.about());
  }

  /** Ours in the shared scan; the other dataset, if it is another, by itself. */
  private void aggregates(Optional<Comparison> written) {
    if (written.isPresent()) {
      Comparison what = written.get();
      List<String> mine = what.mine();
      for (int i = 0; i < mine.size(); i++) {
        measure(what.functions().get(i) + " of " + mine.get(i), 1);
      }
      if (what.dataset() != null) {
        own.add("AggregateMatch");
      }
    }
  }

  private void share(String type, String about) {
    if (shared.add(type + " " + about)) {
      own.add(type);
    }
  }

  void measure(String name, int aggregates) {
    measures.put(name, aggregates);
  }

  int answered() {
    return answered;
  }

  /** As {@link Scan} divides them. */
  int scans() {
    int scans = 0;
    int width = 0;
    for (int one : measures.values()) {
      boolean isNew = width == 0 || width + one > Scan.MOST;
      scans += isNew ? 1 : 0;
      width = isNew ? one : width + one;
    }
    return scans;
  }

  List<String> groupings() {
    return List.copyOf(groupings);
  }

  List<String> own() {
    return own;
  }

  private boolean isTrusted(String name) {
    return columns == null
        || field(name).map(StructField::dataType).filter(FileStatistics::isTrusted).isPresent();
  }

  private boolean isFloating(String name) {
    return field(name)
        .map(StructField::dataType)
        .filter(type -> type instanceof DoubleType || type instanceof FloatType)
        .isPresent();
  }

  private Optional<StructField> field(String name) {
    return columns == null ? Optional.empty() : Columns.find(columns, name);
  }
}
