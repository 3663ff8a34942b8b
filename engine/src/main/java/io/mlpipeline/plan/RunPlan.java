package io.mlpipeline.plan;

import java.util.List;
import java.util.Optional;

/**
 * What a run must do, step by step. {@code plan}, {@code run --dry-run}, {@code explain} and {@code
 * run} share it.
 *
 * @param decisions one for each step, in an order in which every step comes after what it reads
 * @param needs what the planner lacks, each once; while it is not empty the decisions are
 *     provisional
 */
public record RunPlan(List<StepDecision> decisions, List<Need> needs) {

  public RunPlan {
    decisions = List.copyOf(decisions);
    needs = List.copyOf(needs);
  }

  /** The decision about a step. */
  public Optional<StepDecision> decision(String step) {
    return decisions.stream().filter(d -> d.step().name().equals(step)).findFirst();
  }

  /** Whether nothing is to be computed, judged or restored. */
  public boolean nothingToDo() {
    return decisions.stream()
        .allMatch(
            d ->
                d.decision() == Decision.SKIP
                    || (d.decision() == Decision.REUSE && d.restore().isEmpty()));
  }
}
