package io.mlpipeline.spark.gate;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.date.DateExpression;
import software.amazon.glue.dqdl.model.condition.number.NullNumericOperand;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;

/**
 * Conditions that hold of every value if they hold of the smallest and of the largest one. Of the
 * others (equal, one of a list, outside) bounds say nothing.
 */
final class Bounds {

  private Bounds() {}

  static Optional<Predicate<BigDecimal>> of(NumberBasedCondition condition) {
    List<BigDecimal> operands = new ArrayList<>();
    for (NumericOperand operand : condition.getOperands()) {
      if (operand instanceof NullNumericOperand) {
        return Optional.empty();
      }
      operands.add(new BigDecimal(operand.getOperand()));
    }
    return of(condition.getOperator().name(), operands);
  }

  /** Over days since 1970. */
  static Optional<Predicate<BigDecimal>> of(DateBasedCondition condition) {
    List<BigDecimal> operands = new ArrayList<>();
    for (DateExpression operand : condition.getOperands()) {
      LocalDateTime time = operand.getEvaluatedExpression();
      if (time == null) {
        return Optional.empty();
      }
      operands.add(BigDecimal.valueOf(time.toLocalDate().toEpochDay()));
    }
    return of(condition.getOperator().name(), operands);
  }

  private static Optional<Predicate<BigDecimal>> of(String operator, List<BigDecimal> operands) {
    BigDecimal first = operands.get(0);
    return Optional.ofNullable(
        switch (operator) {
          case "GREATER_THAN" -> value -> value.compareTo(first) > 0;
          case "GREATER_THAN_EQUAL_TO" -> value -> value.compareTo(first) >= 0;
          case "LESS_THAN" -> value -> value.compareTo(first) < 0;
          case "LESS_THAN_EQUAL_TO" -> value -> value.compareTo(first) <= 0;
          case "BETWEEN" ->
              value -> value.compareTo(first) > 0 && value.compareTo(operands.get(1)) < 0;
          default -> null;
        });
  }
}
