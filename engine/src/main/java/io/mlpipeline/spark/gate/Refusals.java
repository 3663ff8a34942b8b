package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.model.condition.Condition;
import software.amazon.glue.dqdl.model.condition.date.DateBasedCondition;
import software.amazon.glue.dqdl.model.condition.date.DateExpression;
import software.amazon.glue.dqdl.model.condition.duration.DurationBasedCondition;
import software.amazon.glue.dqdl.model.condition.duration.DurationBasedConditionOperator;
import software.amazon.glue.dqdl.model.condition.number.AtomicNumberOperand;
import software.amazon.glue.dqdl.model.condition.number.BinaryExpressionOperand;
import software.amazon.glue.dqdl.model.condition.number.FunctionCallOperand;
import software.amazon.glue.dqdl.model.condition.number.NullNumericOperand;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedCondition;
import software.amazon.glue.dqdl.model.condition.number.NumberBasedConditionOperator;
import software.amazon.glue.dqdl.model.condition.number.NumericOperand;
import software.amazon.glue.dqdl.model.condition.string.StringBasedCondition;
import software.amazon.glue.dqdl.model.condition.string.StringBasedConditionOperator;
import software.amazon.glue.dqdl.model.condition.string.StringOperand;

/** What reads well as a rule and yet cannot be judged, or would let bad data pass unseen. */
final class Refusals {

  static final Set<NumberBasedConditionOperator> EQUALITIES =
      Set.of(
          NumberBasedConditionOperator.EQUALS,
          NumberBasedConditionOperator.NOT_EQUALS,
          NumberBasedConditionOperator.IN,
          NumberBasedConditionOperator.NOT_IN);

  private static final Set<StringBasedConditionOperator> EXACT_TYPES =
      Set.of(StringBasedConditionOperator.EQUALS, StringBasedConditionOperator.NOT_EQUALS);

  private static final Set<DurationBasedConditionOperator> NO_AGE =
      Set.of(
          DurationBasedConditionOperator.EQUALS,
          DurationBasedConditionOperator.NOT_EQUALS,
          DurationBasedConditionOperator.IN,
          DurationBasedConditionOperator.NOT_IN);

  private final List<Fault> faults = new ArrayList<>();

  private Refusals() {}

  static List<Fault> of(DQRule rule) {
    Refusals all = new Refusals();
    RuleLeaves.of(rule).forEach(all::leaf);
    return all.faults;
  }

  private void refuse(String message, String suggestion) {
    faults.add(Fault.of(message, suggestion));
  }

  private void leaf(DQRule rule) {
    String type = rule.getRuleType();
    String refusal = RuleTypes.refusal(type);
    if (refusal != null) {
      refuse(type + " " + refusal, RuleTypes.wayRound(type));
      return;
    }
    if (!RuleTypes.accepted().contains(type)) {
      refuse("there is no rule type \"" + type + "\"", "docs/gates-rules.md lists them");
      return;
    }
    tags(rule);
    threshold(rule);
    if (rule.getCondition() instanceof NumberBasedCondition numbers) {
      numbers(rule, numbers);
    } else if (rule.getCondition() instanceof StringBasedCondition texts) {
      texts(rule, texts);
    } else if (rule.getCondition() instanceof DateBasedCondition dates) {
      dates(dates);
    } else if (rule.getCondition() instanceof DurationBasedCondition ages) {
      ages(ages);
    }
    if (RuleLeaves.hasText(rule.getWhereClause())) {
      faults.addAll(SqlRefusals.ofFilter(rule.getWhereClause()));
    }
    faults.addAll(AddedRefusals.of(rule));
    if (DriftRules.TYPES.contains(type)) {
      faults.addAll(DriftRefusals.of(rule));
    }
    if ("CustomSql".equals(type)) {
      customSql(rule);
    }
    if (Anomaly.is(rule)) {
      faults.addAll(Anomaly.of(rule).faults());
    }
    if ("ColumnNamesMatchPattern".equals(type)) {
      pattern(RuleLeaves.parameter(rule, "PatternToMatch"));
    }
  }

  private void customSql(DQRule rule) {
    if (!(rule.getCondition() instanceof NumberBasedCondition)) {
      refuse(
          "CustomSql without a condition compares rows by the selected columns and can count more"
              + " rows than there are",
          "write: Satisfies \"CONDITION\" with threshold >= 0.95");
    }
    faults.addAll(SqlRefusals.ofQuery(RuleLeaves.parameter(rule, "CustomSqlStatement")));
  }

  private void tags(DQRule rule) {
    if (Anomaly.is(rule)) {
      return;
    }
    boolean isDynamic = Operands.isDynamic(rule.getCondition());
    for (String tag : rule.getTags().keySet()) {
      if (isDynamic && Anomaly.MIN_RUNS.equals(tag)) {
        Anomaly.whole(tag, rule.getTags().get(tag), 1, faults);
        continue;
      }
      boolean isFormat = "format".equals(tag) && "ColumnDataType".equals(rule.getRuleType());
      if (!isFormat && !DriftRefusals.isHeard(rule, tag)) {
        refuse(
            "\"with " + tag + "\" has no effect in a gate",
            "the list says what a failure means: block or warn");
      }
    }
  }

  private void threshold(DQRule rule) {
    Condition threshold = rule.getThresholdCondition();
    if (threshold == null || !RuleLeaves.hasText(threshold.getConditionAsString())) {
      return;
    }
    boolean isHeard =
        "ColumnDataType".equals(rule.getRuleType())
            || "Satisfies".equals(rule.getRuleType())
            || rule.getCondition() instanceof DateBasedCondition;
    if (!isHeard) {
      refuse(
          "\"with threshold\" has no effect on this form of " + rule.getRuleType(),
          "use Satisfies \"CONDITION\" with threshold >= 0.95");
    } else if (Operands.isDynamic(threshold)) {
      refuse("a threshold does not look at the past", "with threshold >= 0.95");
    } else if (threshold instanceof NumberBasedCondition numbers) {
      exactRatio("a threshold", numbers);
    } else {
      refuse("a threshold is compared with a number", "with threshold >= 0.95");
    }
  }

  private void numbers(DQRule rule, NumberBasedCondition condition) {
    String type = rule.getRuleType();
    if (DriftRules.isDrift(rule) && EQUALITIES.contains(condition.getOperator())) {
      refuse("a distance is never exactly a number", "write a bound, for example <= 0.1");
    } else if (RuleTypes.RATIOS.contains(type)) {
      exactRatio(type, condition);
    }
    boolean isOfRows = "ColumnValues".equals(type);
    boolean hasNull =
        condition.getOperands().stream().anyMatch(NullNumericOperand.class::isInstance);
    if (hasNull && !(isOfRows && EQUALITIES.contains(condition.getOperator()))) {
      refuse("NULL is neither more nor less than anything", "compare with a number");
    }
    boolean isComputed =
        condition.getOperands().stream()
            .anyMatch(
                o -> o instanceof BinaryExpressionOperand || o instanceof FunctionCallOperand);
    if (Operands.isDynamic(condition) && (isOfRows || "ColumnLength".equals(type))) {
      refuse(
          type + " judges every row, and the past is known of whole versions",
          "DetectAnomalies \"Minimum\" or \"Maximum\" of the column");
    } else if (isComputed && (isOfRows || "ColumnLength".equals(type))) {
      refuse(type + " takes plain numbers, no arithmetic", "write the result");
    }
    condition.getOperands().forEach(operand -> faults.addAll(PastFunctions.faults(operand)));
    emptyInterval(condition);
  }

  private void dates(DateBasedCondition condition) {
    try {
      condition.getOperands().forEach(DateExpression::getEvaluatedExpression);
    } catch (RuntimeException e) {
      refuse("a date does not exist: " + e.getMessage(), "dates are \"yyyy-MM-dd\"");
    }
  }

  private void ages(DurationBasedCondition condition) {
    if (NO_AGE.contains(condition.getOperator())) {
      refuse("an age is never exactly a duration", "compare by <, <=, >, >= or between");
    }
  }

  private void emptyInterval(NumberBasedCondition condition) {
    boolean isBetween = condition.getOperator() == NumberBasedConditionOperator.BETWEEN;
    List<NumericOperand> bounds = condition.getOperands();
    if (isBetween && bounds.stream().allMatch(AtomicNumberOperand.class::isInstance)) {
      double low = Double.parseDouble(bounds.get(0).getOperand());
      double high = Double.parseDouble(bounds.get(1).getOperand());
      if (low >= high) {
        refuse(
            "nothing lies between "
                + bounds.get(0).getOperand()
                + " and "
                + bounds.get(1).getOperand(),
            "between excludes both bounds");
      }
    }
  }

  /** DQDL calls two numbers equal that differ by 0.00001: one bad row in 200,000 is not seen. */
  private void exactRatio(String what, NumberBasedCondition condition) {
    if (EQUALITIES.contains(condition.getOperator())) {
      refuse(
          "equality of " + what + " has a tolerance of 0.00001, so single rows would not be seen",
          "write >= 1.0, or a bound");
    }
  }

  private void texts(DQRule rule, StringBasedCondition condition) {
    String type = rule.getRuleType();
    boolean isPattern =
        condition.getOperator() == StringBasedConditionOperator.MATCHES
            || condition.getOperator() == StringBasedConditionOperator.NOT_MATCHES;
    for (StringOperand operand : condition.getOperands()) {
      if (isPattern) {
        pattern(operand.getOperand());
      }
    }
    if ("ColumnDataType".equals(type)) {
      if (!EXACT_TYPES.contains(condition.getOperator()) || condition.getOperands().size() != 1) {
        refuse("ColumnDataType compares with one type by = or !=", "= \"Integer\"");
      } else {
        dataType(rule, condition.getOperands().get(0).getOperand());
      }
    }
  }

  private void dataType(DQRule rule, String type) {
    if (DataTypeTest.typeOf(type).isEmpty()) {
      refuse(
          "\"" + type + "\" is no type that ColumnDataType knows",
          Nearest.suggestion(type, DataTypeTest.names())
              .orElse("known: " + String.join(", ", DataTypeTest.names())));
    }
    String format = rule.getTags().get("format");
    if (format != null && !"date".equals(type.toLowerCase(Locale.ROOT))) {
      refuse("a format has no effect on type " + type, "only = \"Date\" takes a format");
    } else if (format != null && !DataTypeTest.FORMATS.contains(format)) {
      refuse(
          "\"" + format + "\" is no date format that ColumnDataType knows",
          "known: " + String.join(", ", DataTypeTest.FORMATS));
    }
  }

  private void pattern(String regex) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      refuse("\"" + regex + "\" is no regular expression: " + e.getDescription(), "correct it");
    }
  }
}
