package io.mlpipeline.port;

import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import java.util.List;

/** Evaluates the rules of a promotion; has no effect, and the same question gives one answer. */
public interface PromotionRules {

  /**
   * What each rule says, in the order of the rules.
   *
   * <p>Before any rule is evaluated, every metric that one of them names must be there and be
   * finite; if one is not, nothing is evaluated, and no rule passes. A rule that gives null, that
   * cannot be evaluated, or that is no boolean does not pass either. Nothing of this is thrown.
   *
   * @param rules the rules
   * @param evidence what was measured; if it has no champion, {@code champion}'s fields are null
   */
  List<Decided> decide(List<PromotionRule> rules, Evidence evidence);
}
