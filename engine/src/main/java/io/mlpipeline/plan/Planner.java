package io.mlpipeline.plan;

import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepCode;
import java.util.Map;

/**
 * Says what a run must do, from what is known. Pure: equal arguments give equal plans.
 *
 * <p>While {@link RunPlan#needs} is not empty the plan is provisional: what is not known about an
 * output counts as good, so that one round asks for as much as possible; a step whose entry is not
 * known counts as one that must execute, so the steps below it await. The caller fetches all needs,
 * adds them to the history and asks again. The same call, with what steps of this run ended with,
 * resolves AWAIT.
 */
public final class Planner {

  private Planner() {}

  /**
   * Plans a run.
   *
   * @param spec a pipeline in which {@link GraphCheck} finds no problem
   * @param request what is selected and forced
   * @param code what is known of the code, by step name; every step must be there
   * @param history what is known
   * @return one decision for each step, every step after what it reads and otherwise in the order
   *     of the file
   */
  public static RunPlan plan(
      PipelineSpec spec, RunRequest request, Map<String, StepCode> code, History history) {
    return new Pass(spec, request, code, history).plan();
  }
}
