package io.mlpipeline.spark.gate;

import java.util.List;
import java.util.Optional;
import software.amazon.glue.dqdl.model.DQRule;

/** What is wrong with rules of the types that this engine adds, and with comparisons. */
final class AddedRefusals {

  private AddedRefusals() {}

  static List<Fault> of(DQRule rule) {
    if (Comparison.isOf(rule) && Comparison.of(rule).isEmpty()) {
      return List.of(
          Fault.of(
              rule.getRuleType() + " does not say what is compared with what",
              "write: " + Comparison.form(rule.getRuleType())));
    }
    return switch (rule.getRuleType()) {
      case "Satisfies" -> SqlRefusals.ofCondition(RuleLeaves.parameter(rule, "Condition"));
      case "FunctionalDependency" -> dependency(rule);
      case "Quantile" -> quantile(rule);
      default -> List.of();
    };
  }

  /** The share of rows that a quantile lies above; empty if there is no such share. */
  static Optional<Double> probability(DQRule rule) {
    try {
      double share = Double.parseDouble(RuleLeaves.parameter(rule, "Probability").strip());
      return share >= 0 && share <= 1 ? Optional.of(share) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static List<Fault> quantile(DQRule rule) {
    return probability(rule).isPresent()
        ? List.of()
        : List.of(
            Fault.of(
                "\"" + RuleLeaves.parameter(rule, "Probability") + "\" is no share from 0 to 1",
                "write: Quantile \"fare\" \"0.5\" between 5 and 20"));
  }

  private static List<Fault> dependency(DQRule rule) {
    List<String> columns = RuleLeaves.columns(rule);
    return columns.size() > 1
        ? List.of()
        : List.of(
            Fault.of(
                "FunctionalDependency says that columns determine another one, and names one only",
                "write: FunctionalDependency \"zip\" \"city\""));
  }
}
