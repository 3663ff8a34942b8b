package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.string.QuotedStringOperand;
import software.amazon.glue.dqdl.model.condition.string.StringOperand;

/** Small questions to a parsed rule. */
final class RuleLeaves {

  private RuleLeaves() {}

  static boolean isComposite(DQRule rule) {
    return rule.getNestedRules() != null && !rule.getNestedRules().isEmpty();
  }

  /** The simple rules that a rule joins, or the rule itself. */
  static Stream<DQRule> of(DQRule rule) {
    return isComposite(rule)
        ? rule.getNestedRules().stream().flatMap(RuleLeaves::of)
        : Stream.of(rule);
  }

  static boolean hasText(@Nullable String text) {
    return text != null && !text.isBlank();
  }

  static Optional<String> where(DQRule rule) {
    return Optional.ofNullable(rule.getWhereClause()).filter(RuleLeaves::hasText);
  }

  static String parameter(DQRule rule, String name) {
    String value = rule.getParameters().get(name);
    return value == null ? "" : value;
  }

  /** The columns that a rule names, in the order it names them. */
  static List<String> columns(DQRule rule) {
    List<String> all = new ArrayList<>();
    rule.getParameters()
        .forEach(
            (name, value) -> {
              if (name.startsWith("TargetColumn")) {
                all.add(value);
              }
            });
    Comparison.of(rule).map(Comparison::mine).ifPresent(all::addAll);
    return all;
  }

  static boolean isQuoted(StringOperand operand) {
    return operand instanceof QuotedStringOperand;
  }
}
