package io.mlpipeline.spark.gate;

import com.amazon.deequ.dqdl.execution.DefaultOperandEvaluator$;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.DQRuleLogicalOperator;
import software.amazon.glue.dqdl.model.condition.Condition;

/** Which rules say of a single row that it is bad. */
final class RowLevel {

  /** Types that blame rows, whatever else their condition says. */
  static final Set<String> TYPES =
      Set.of(
          "IsComplete",
          "Completeness",
          "IsUnique",
          "Uniqueness",
          "IsPrimaryKey",
          "UniqueValueRatio",
          "DuplicateRowCount",
          "ColumnValues",
          "ColumnLength",
          "ColumnDataType",
          "Satisfies",
          "FunctionalDependency",
          "ReferentialIntegrity");

  private RowLevel() {}

  /** Why a rule cannot be judged row by row, and what to write; empty if it can. */
  static Optional<Fault> fault(DQRule rule) {
    return RuleLeaves.of(rule).flatMap(leaf -> ofLeaf(leaf).stream()).findFirst();
  }

  /** Whether a joined rule asks something else of every row than of all rows together. */
  static boolean isByRowOnly(DQRule rule) {
    return RuleLeaves.isComposite(rule)
        && (rule.getOperator() != DQRuleLogicalOperator.AND
            || rule.getNestedRules().stream().anyMatch(RowLevel::isByRowOnly));
  }

  private static Optional<Fault> ofLeaf(DQRule leaf) {
    String type = leaf.getRuleType();
    if (!TYPES.contains(type)) {
      return Optional.of(
          Fault.of(type + " judges all rows together and blames none", instead(type)));
    }
    double best = "DuplicateRowCount".equals(type) ? 0 : 1;
    for (Condition condition : shares(leaf)) {
      if (!isMet(leaf, condition, best)) {
        return Optional.of(
            Fault.of(
                type + " does not hold where no row is bad, so setting rows apart cannot mend it",
                "put the rule under block or warn, or write a lower bound"));
      }
    }
    return Optional.empty();
  }

  private static String instead(String type) {
    return switch (type) {
      case "CustomSql" ->
          "write Satisfies \"SQL condition on a row\", or put the rule under block or warn";
      case "DataFreshness" ->
          "put the rule under block or warn, or write ColumnValues \"ts\" >= \"2024-01-01\"";
      case "Mean", "Sum", "Range", "StandardDeviation", "Quantile" ->
          "put the rule under block or warn; for rows write bounds:"
              + " ColumnValues \"x\" between 0 and 100";
      default -> "put the rule under block or warn";
    };
  }

  /** The conditions of a rule that are about the share of good rows, or the number of bad ones. */
  private static List<Condition> shares(DQRule leaf) {
    boolean isOfShare =
        switch (leaf.getRuleType()) {
          case "ColumnValues", "ColumnLength", "ColumnDataType" -> false;
          default -> true;
        };
    return List.of(
            isOfShare ? Optional.ofNullable(leaf.getCondition()) : Optional.<Condition>empty(),
            Optional.ofNullable(leaf.getThresholdCondition()))
        .stream()
        .flatMap(Optional::stream)
        .filter(condition -> RuleLeaves.hasText(condition.getConditionAsString()))
        .toList();
  }

  private static boolean isMet(DQRule leaf, Condition condition, double value) {
    try {
      return condition.evaluate(value, leaf, DefaultOperandEvaluator$.MODULE$);
    } catch (RuntimeException e) {
      return false;
    }
  }
}
