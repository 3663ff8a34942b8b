package io.mlpipeline.spark.promote;

import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.PromotionRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the rules of promotions before anything runs and names every one that does not parse, or
 * that does more than compare metrics. Needs no SparkSession and knows no metrics; the same rules
 * give the same answer.
 */
public final class PromotionSyntax {

  private PromotionSyntax() {}

  /** Everything that is wrong with the rules of a policy, in their order. */
  public static List<Problem> problems(ModelPolicy policy) {
    List<Problem> problems = new ArrayList<>(problems(policy.staging().require()));
    problems.addAll(problems(policy.production().require()));
    return problems;
  }

  private static List<Problem> problems(List<PromotionRule> rules) {
    List<Problem> problems = new ArrayList<>();
    for (PromotionRule rule : rules) {
      for (Fault fault : ParsedRule.of(rule).faults()) {
        String message = "rule `" + rule.text() + "`: " + fault.message();
        problems.add(new Problem(rule.at(), message, fault.suggestion()));
      }
    }
    return problems;
  }
}
