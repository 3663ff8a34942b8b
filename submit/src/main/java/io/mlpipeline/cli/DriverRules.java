package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.GateChecks;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.PromotionRule;
import io.mlpipeline.port.PromotionRules;
import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates rules with Spark, which is started for the first; the light front hands over there. */
final class DriverRules implements PromotionRules, AutoCloseable {

  private final Warehouse warehouse;
  private final ModelPolicy policy;
  private final Runnable beginLogs;
  private @Nullable Engine engine;
  private @Nullable PromotionRules rules;

  DriverRules(Warehouse warehouse, ModelPolicy policy, Runnable beginLogs) {
    this.warehouse = warehouse;
    this.policy = policy;
    this.beginLogs = beginLogs;
  }

  @Override
  public List<Decided> decide(List<PromotionRule> asked, Evidence evidence) {
    PromotionRules known = rules;
    if (known == null) {
      HandOver.ifLight();
      beginLogs.run();
      List<Problem> problems = GateChecks.problems(policy);
      if (!problems.isEmpty()) {
        throw EngineException.invalid(problems);
      }
      Engine started = Engine.starting(1, Map.of());
      engine = started;
      known = started.promotionRules(warehouse);
      rules = known;
    }
    return known.decide(asked, evidence);
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.close();
    }
  }
}
