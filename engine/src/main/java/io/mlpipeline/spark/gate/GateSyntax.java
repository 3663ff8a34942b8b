package io.mlpipeline.spark.gate;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;

/**
 * Reads the rules of a gate before anything runs and names every one that does not parse, that
 * cannot be judged here, or that would let bad data pass unseen. Needs no SparkSession and reads no
 * data; the same rules give the same answer.
 */
public final class GateSyntax {

  private GateSyntax() {}

  /**
   * Everything that is wrong with these rules, in their order.
   *
   * @param rules the rules
   * @param columns the columns of the dataset, if they are known: then unknown columns and columns
   *     of a wrong type are problems too; null if they are not known
   */
  public static List<Problem> problems(List<GateRule> rules, @Nullable StructType columns) {
    return problems(rules, columns, Set.of());
  }

  /**
   * Everything that is wrong with these rules, in their order.
   *
   * @param referable the names of other datasets that the rules may read
   */
  public static List<Problem> problems(
      List<GateRule> rules, @Nullable StructType columns, Set<String> referable) {
    List<Problem> all = new ArrayList<>();
    for (GateRule rule : rules) {
      for (Fault fault : faults(rule, columns, referable)) {
        String message = "rule `" + rule.text().strip() + "`: " + fault.message();
        all.add(new Problem(rule.at(), message, fault.suggestion()));
      }
    }
    return all;
  }

  /** The other datasets that a rule reads; none if it is no rule. */
  public static Set<String> references(GateRule rule) {
    DQRule parsed = RuleText.parse(rule.text()).rule();
    return parsed == null ? Set.of() : References.names(parsed);
  }

  private static List<Fault> faults(
      GateRule rule, @Nullable StructType columns, Set<String> referable) {
    RuleText.Parsed parsed = read(rule.text(), columns);
    DQRule sound = parsed.rule();
    if (sound == null) {
      return parsed.faults();
    }
    List<Fault> all = new ArrayList<>(parsed.faults());
    all.addAll(References.unknown(sound, referable));
    if (all.isEmpty() && rule.severity() == Severity.QUARANTINE) {
      RowLevel.fault(sound)
          .map(fault -> Fault.of("under quarantine: " + fault.message(), fault.suggestion()))
          .ifPresent(all::add);
    }
    return all;
  }

  /** The rule and everything that is wrong with it. */
  static RuleText.Parsed read(String text, @Nullable StructType columns) {
    RuleText.Parsed parsed = RuleText.parse(text);
    DQRule rule = parsed.rule();
    if (rule == null) {
      return parsed;
    }
    List<Fault> faults = new ArrayList<>(Refusals.of(rule));
    if (columns != null) {
      faults.addAll(ColumnFit.of(rule, columns));
    }
    return new RuleText.Parsed(rule, faults);
  }
}
