package io.mlpipeline.spark.gate;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.Condition;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;

/**
 * How often a gate passes over the rows, estimated from its rules alone: nothing is read. Few rows
 * are grouped in the shared scan, and a file without statistics is read, so it may be less or more.
 *
 * @param rules the rules
 * @param statistics the rules that file statistics and the schema answer
 * @param scans shared scans, each of up to 64 aggregates
 * @param groupings the columns and filters that are grouped by, one pass each
 * @param own rules with a pass of their own, by type
 */
public record GateCost(
    int rules, int statistics, int scans, List<String> groupings, List<String> own) {

  private static final Set<String> OF_SCHEMA =
      Set.of("ColumnCount", "ColumnExists", "ColumnNamesMatchPattern");
  private static final Set<String> GROUPING =
      Set.of(
          "IsUnique",
          "Uniqueness",
          "IsPrimaryKey",
          "UniqueValueRatio",
          "Entropy",
          "DistinctValuesCount",
          "DuplicateRowCount");

  /** Rules that read other rows, or ask a query of their own. */
  private static final Set<String> OWN =
      Set.of(
          "CustomSql",
          "ReferentialIntegrity",
          "DatasetMatch",
          "AggregateMatch",
          "RowCountMatch",
          "FunctionalDependency",
          "Drift",
          "NewCategories",
          "VanishedCategories");

  private static final int DIGEST = TableDigest.WIDTH;

  public GateCost {
    groupings = List.copyOf(groupings);
    own = List.copyOf(own);
  }

  /** Whether the digest shares the scan, as it does for what a step made. */
  public enum Scanned {
    OUTPUT,
    INPUT
  }

  /**
   * The cost of a gate.
   *
   * @param columns the columns, if they are known; types that are not known count as numbers
   */
  public static GateCost of(GateSpec gate, @Nullable StructType columns, Scanned what) {
    Estimate estimate = new Estimate(columns);
    for (GateRule rule : gate.rules()) {
      DQRule parsed = RuleText.parse(rule.text()).rule();
      if (parsed != null) {
        estimate.add(parsed);
      }
    }
    int width = estimate.aggregates.size() + (what == Scanned.OUTPUT ? DIGEST : 0);
    int scans = (width + Scan.MOST - 1) / Scan.MOST;
    return new GateCost(
        gate.rules().size(),
        estimate.answered,
        scans,
        List.copyOf(estimate.groupings),
        estimate.own);
  }

  /** Passes over the rows, all together. */
  public int passes() {
    return scans + groupings.size() + own.size();
  }

  /** Such as {@code 12 rules: 3 from statistics, 1 scan, 1 grouping by customer_id}. */
  public String text() {
    List<String> parts = new ArrayList<>();
    if (statistics > 0) {
      parts.add(statistics + " from statistics");
    }
    if (scans > 0) {
      parts.add(counted(scans, "scan"));
    }
    if (!groupings.isEmpty()) {
      parts.add(counted(groupings.size(), "grouping") + " by " + String.join("; ", groupings));
    }
    for (String type : new TreeSet<>(own)) {
      long count = own.stream().filter(type::equals).count();
      parts.add(counted((int) count, "pass").replace("passs", "passes") + " of " + type);
    }
    String all = parts.isEmpty() ? "nothing is read" : String.join(", ", parts);
    return counted(rules, "rule") + ": " + all;
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** Adds up, rule by rule; what two rules ask alike counts once. */
  private static final class Estimate {

    private final @Nullable StructType columns;
    private final Set<String> aggregates = new LinkedHashSet<>();
    private final Set<String> groupings = new LinkedHashSet<>();
    private final List<String> own = new ArrayList<>();
    private int answered;

    Estimate(@Nullable StructType columns) {
      this.columns = columns;
    }

    void add(DQRule rule) {
      boolean isAnswered = true;
      for (DQRule leaf : RuleLeaves.of(rule).toList()) {
        isAnswered &= leaf(leaf);
      }
      answered += isAnswered ? 1 : 0;
    }

    /** Whether it costs nothing. */
    private boolean leaf(DQRule rule) {
      String type = rule.getRuleType();
      Optional<String> where = RuleLeaves.where(rule);
      List<String> names = RuleLeaves.columns(rule);
      if (OF_SCHEMA.contains(type)) {
        return true;
      }
      if (OWN.contains(type)) {
        own.add(type);
        return false;
      }
      String filter = where.map(w -> " where " + w).orElse("");
      if (GROUPING.contains(type)) {
        String keys = names.isEmpty() ? "all columns" : String.join(", ", names);
        groupings.add(keys.toLowerCase(Locale.ROOT) + filter);
        return false;
      }
      boolean isKnown = where.isEmpty() && isOfStatistics(type, rule, names);
      if (!isKnown) {
        where.ifPresent(w -> aggregates.add("RowCount" + filter));
        width(type, names, rule, filter);
      }
      return isKnown;
    }

    private boolean isOfStatistics(String type, DQRule rule, List<String> names) {
      return switch (type) {
        case "RowCount", "IsComplete", "Completeness" -> true;
        case "ColumnValues" -> isBounded(rule.getCondition()) && isTrusted(names.get(0));
        default -> false;
      };
    }

    private static boolean isBounded(Condition condition) {
      if (condition instanceof NumberBasedCondition numbers) {
        return Bounds.of(numbers).isPresent();
      }
      return condition instanceof DateBasedCondition dates && Bounds.of(dates).isPresent();
    }

    private boolean isTrusted(String name) {
      if (columns == null) {
        return true;
      }
      return Columns.find(columns, name)
          .map(StructField::dataType)
          .filter(FileStatistics::isTrusted)
          .isPresent();
    }

    /** Roughly what each type of rule adds to the scan, by name, so that equal ones count once. */
    private void width(String type, List<String> names, DQRule rule, String filter) {
      String columnsOf = String.join(",", names).toLowerCase(Locale.ROOT) + filter;
      boolean isRange = type.equals("ColumnValues") && isBounded(rule.getCondition());
      if (isRange) {
        aggregates.add("present " + columnsOf);
        aggregates.add((isLower(rule) ? "least " : "most ") + columnsOf);
        aggregates.add("nan " + columnsOf);
        return;
      }
      boolean isCondition = rule.getCondition() != null;
      String what = isCondition && isTest(type) ? type + rule.getCondition() : type;
      aggregates.add(what + " " + columnsOf);
    }

    private static boolean isLower(DQRule rule) {
      return String.valueOf(rule.getCondition().getConditionAsString()).strip().startsWith(">");
    }

    private static boolean isTest(String type) {
      return type.startsWith("Column") || type.equals("DataFreshness") || type.equals("Satisfies");
    }
  }
}
