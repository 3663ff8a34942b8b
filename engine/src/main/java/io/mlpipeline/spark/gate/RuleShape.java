package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.List;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageBaseListener;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.AnalyzersContext;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.ConnectorWordContext;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.DateNowContext;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.DqRulesContext;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.StringValuesContext;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.TimeExpressionContext;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.TopLevelRuleContext;
import software.amazon.glue.dqdl.DataQualityDefinitionLanguageParser.VariableDereferenceContext;

/** What parses and yet does not mean what it seems to: found in the parse tree. */
final class RuleShape extends DataQualityDefinitionLanguageBaseListener {

  private static final String PARENTHESES = "put every part in parentheses: (A) and (B)";

  private final List<Fault> faults = new ArrayList<>();

  private boolean isEmpty = true;

  List<Fault> faults() {
    if (isEmpty) {
      refuse("the rule is empty", "delete it, or write a rule");
    }
    return faults;
  }

  private void refuse(String message, String suggestion) {
    Fault fault = Fault.of(message, suggestion);
    if (!faults.contains(fault)) {
      faults.add(fault);
    }
  }

  @Override
  public void enterDqRules(DqRulesContext context) {
    isEmpty = false;
    if (context.topLevelRule().size() != 1) {
      refuse("several rules stand in one text", "make each a text of its own in the list");
    }
  }

  @Override
  public void enterAnalyzers(AnalyzersContext context) {
    refuse("analyzers measure and do not judge", "write rules only");
  }

  @Override
  public void enterConnectorWord(ConnectorWordContext context) {
    if (context.AND() != null) {
      refuse("\"and\" without parentheses joins columns, not rules", PARENTHESES);
    }
  }

  @Override
  public void enterTopLevelRule(TopLevelRuleContext context) {
    if (context.topLevelRule().size() < 2) {
      return;
    }
    for (TopLevelRuleContext part : context.topLevelRule()) {
      if (part.LPAREN() == null && part.topLevelRule().isEmpty()) {
        refuse("a joined rule has a part without parentheses", PARENTHESES);
      }
    }
  }

  @Override
  public void enterVariableDereference(VariableDereferenceContext context) {
    refuse(
        context.getText() + " is a variable, which a single rule cannot declare",
        "write the values out, or use a HOCON substitution");
  }

  @Override
  public void enterDateNow(DateNowContext context) {
    refuse(
        "now() reads the clock, so the same data would pass today and fail tomorrow",
        "use DataFreshness, which says so by its name, or write a date");
  }

  @Override
  public void enterStringValues(StringValuesContext context) {
    if (context.getText().contains("\\")) {
      refuse("DQDL drops or keeps a backslash in a value as it likes", "use matches");
    }
  }

  @Override
  public void enterTimeExpression(TimeExpressionContext context) {
    refuse(
        context.getText() + " is read as a time of today, not as text",
        "use matches, or a CustomSql rule");
  }
}
