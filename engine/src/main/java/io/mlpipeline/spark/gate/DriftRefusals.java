package io.mlpipeline.spark.gate;

import io.mlpipeline.registry.ModelReference;
import io.mlpipeline.spark.drift.DriftMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import software.amazon.glue.dqdl.model.DQRule;

/** What is wrong with a rule that compares with a baseline. */
final class DriftRefusals {

  private static final Pattern BASELINE =
      Pattern.compile("[A-Za-z0-9_]+|([A-Za-z0-9_-]+/)?[A-Za-z0-9_]+@v\\d{1,9}");

  private static final String MODEL = "model:";

  private DriftRefusals() {}

  /** Whether a tag means something to the rule. */
  static boolean isHeard(DQRule rule, String tag) {
    return "method".equals(tag) && "Drift".equals(rule.getRuleType());
  }

  static List<Fault> of(DQRule rule) {
    List<Fault> faults = new ArrayList<>();
    String baseline = DriftRules.baseline(rule);
    if (baseline.startsWith(MODEL)) {
      if (ModelReference.find(baseline.substring(MODEL.length())).isEmpty()) {
        faults.add(
            Fault.of(
                "\"" + baseline + "\" names no model",
                "write \"model:churn\", \"model:churn@production\" or \"model:churn@1.4.0\""));
      }
    } else if (!BASELINE.matcher(baseline).matches()) {
      faults.add(
          Fault.of(
              "\"" + baseline + "\" names no baseline",
              "write \"previous\", \"v3\", \"trips\", \"trips@v3\" or \"model:churn\""));
    }
    String method = rule.getTags().get("method");
    if (DriftRules.isDrift(rule) && method != null && DriftMethod.find(method).isEmpty()) {
      faults.add(
          Fault.of(
              "there is no method \"" + method + "\"",
              Nearest.suggestion(method, DriftMethod.labels())
                  .orElse("known: " + String.join(", ", DriftMethod.labels()))));
    }
    return faults;
  }

  /** Why the rule cannot judge a column of this type; empty if it can. */
  static Optional<Fault> misfit(DQRule rule, String column, DataType type) {
    boolean isNumeric = type instanceof NumericType;
    if (!isNumeric && !(type instanceof StringType) && !(type instanceof BooleanType)) {
      return Optional.of(
          Fault.of(
              "column \""
                  + column
                  + "\" is "
                  + type.typeName()
                  + ", and the rule judges numbers,"
                  + " text and booleans",
              "compute a column of such a type in the step"));
    }
    Optional<DriftMethod> method =
        Optional.ofNullable(rule.getTags().get("method")).flatMap(DriftMethod::find);
    return method
        .filter(one -> one.form(isNumeric).isEmpty())
        .map(
            one ->
                Fault.of(
                    one.label() + " compares numbers, and column \"" + column + "\" has none",
                    "use method = \"linf\", \"psi\" or \"js\""));
  }
}
