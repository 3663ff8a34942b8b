package io.mlpipeline.spark.gate;

import com.amazon.deequ.dqdl.execution.DefaultOperandEvaluator$;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.Condition;
import software.amazon.glue.dqdl.model.condition.number.AtomicNumberOperand;
import software.amazon.glue.dqdl.model.condition.number.BinaryExpressionOperand;
import software.amazon.glue.dqdl.model.condition.number.FunctionCallOperand;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;

/**
 * The computed operands of a condition: arithmetic, and functions of the metric's own past such as
 * {@code avg(last(10))}. DQDL's grammar reads {@code 1 + 2 * 3} from left to right; here
 * multiplication comes first, as everybody means it.
 */
final class Operands {

  private final double[] past;

  private Operands(double... past) {
    this.past = past;
  }

  /** Whether a condition looks at the past. */
  static boolean isDynamic(Condition condition) {
    return condition instanceof NumberBasedCondition numbers
        && numbers.getOperands().stream().anyMatch(Operands::isDynamic);
  }

  private static boolean isDynamic(NumericOperand operand) {
    return operand instanceof FunctionCallOperand
        || (operand instanceof BinaryExpressionOperand both
            && (isDynamic(both.getOperand1()) || isDynamic(both.getOperand2())));
  }

  /** The same condition with numbers for what can be computed without a past. */
  static Condition computed(Condition condition) {
    boolean isComputed =
        condition instanceof NumberBasedCondition numbers
            && numbers.getOperands().stream().anyMatch(BinaryExpressionOperand.class::isInstance);
    return isComputed && !isDynamic(condition)
        ? new Operands().resolved((NumberBasedCondition) condition)
        : condition;
  }

  /**
   * What a condition expects after a past.
   *
   * @param minRuns how many runs the rule itself asks for; more may be needed
   */
  static Expectation expectation(DQRule rule, History history, String metric, int minRuns) {
    NumberBasedCondition condition = (NumberBasedCondition) rule.getCondition();
    int needed = minRuns;
    int looked = 1;
    for (NumericOperand operand : condition.getOperands()) {
      needed = Math.max(needed, PastFunctions.needed(operand));
      looked = Math.max(looked, PastFunctions.looked(operand));
    }
    double[] values = Sample.of(history.values(metric, Math.max(needed, looked)));
    if (values.length < needed) {
      return Expectation.none(values.length, needed);
    }
    return expected(rule, new Operands(values).resolved(condition), values.length);
  }

  private static Expectation expected(DQRule rule, NumberBasedCondition condition, int runs) {
    List<Double> bounds =
        condition.getOperands().stream().map(o -> Double.valueOf(o.getOperand())).toList();
    String basis = " (by " + runs + AnomalySettings.plural(runs, " run") + ")";
    if (bounds.stream().anyMatch(bound -> !Double.isFinite(bound))) {
      String words = "the bound cannot be computed" + basis;
      return new Expectation(value -> false, words, null, null, null);
    }
    Double first = bounds.get(0);
    Double lower =
        switch (condition.getOperator()) {
          case GREATER_THAN, GREATER_THAN_EQUAL_TO, BETWEEN -> first;
          default -> null;
        };
    Double upper =
        switch (condition.getOperator()) {
          case LESS_THAN, LESS_THAN_EQUAL_TO -> first;
          case BETWEEN -> bounds.get(1);
          default -> null;
        };
    return new Expectation(
        value -> condition.evaluate(value, rule, DefaultOperandEvaluator$.MODULE$),
        "expected " + words(condition, bounds) + basis,
        null,
        lower,
        upper);
  }

  private static String words(NumberBasedCondition condition, List<Double> bounds) {
    List<String> plain = bounds.stream().map(Expectation::plain).toList();
    String list = "[" + String.join(", ", plain) + "]";
    return switch (condition.getOperator()) {
      case GREATER_THAN -> "> " + plain.get(0);
      case GREATER_THAN_EQUAL_TO -> ">= " + plain.get(0);
      case LESS_THAN -> "< " + plain.get(0);
      case LESS_THAN_EQUAL_TO -> "<= " + plain.get(0);
      case EQUALS -> "= " + plain.get(0);
      case NOT_EQUALS -> "!= " + plain.get(0);
      case BETWEEN -> "between " + String.join(" and ", plain);
      case NOT_BETWEEN -> "not between " + String.join(" and ", plain);
      case IN -> "in " + list;
      case NOT_IN -> "not in " + list;
    };
  }

  private NumberBasedCondition resolved(NumberBasedCondition condition) {
    List<NumericOperand> numbers =
        condition.getOperands().stream()
            .map(
                operand ->
                    isDynamic(operand) || operand instanceof BinaryExpressionOperand
                        ? new AtomicNumberOperand(Reading.plain(number(operand)))
                        : operand)
            .collect(Collectors.toList());
    return new NumberBasedCondition("computed", condition.getOperator(), numbers);
  }

  private double number(NumericOperand operand) {
    if (operand instanceof BinaryExpressionOperand both) {
      return arithmetic(both);
    }
    return operand instanceof FunctionCallOperand call
        ? PastFunctions.value(call, past)
        : Double.parseDouble(operand.getOperand());
  }

  /** Undoes the tree that reads from left to right, and computes products first. */
  private double arithmetic(BinaryExpressionOperand whole) {
    List<NumericOperand> terms = new ArrayList<>();
    List<String> signs = new ArrayList<>();
    unroll(whole, terms, signs);
    List<Double> sums = new ArrayList<>(List.of(number(terms.get(0))));
    for (int i = 0; i < signs.size(); i++) {
      double next = number(terms.get(i + 1));
      int top = sums.size() - 1;
      switch (signs.get(i)) {
        case "*" -> sums.set(top, sums.get(top) * next);
        case "/" -> sums.set(top, sums.get(top) / next);
        case "-" -> sums.add(-next);
        default -> sums.add(next);
      }
    }
    return sums.stream().mapToDouble(Double::doubleValue).sum();
  }

  private static void unroll(
      BinaryExpressionOperand both, List<NumericOperand> terms, List<String> signs) {
    part(both.getOperand1(), terms, signs);
    signs.add(both.getOperator());
    part(both.getOperand2(), terms, signs);
  }

  private static void part(NumericOperand one, List<NumericOperand> terms, List<String> signs) {
    if (one instanceof BinaryExpressionOperand inner && !one.isParenthesized()) {
      unroll(inner, terms, signs);
    } else {
      terms.add(one);
    }
  }
}
