package io.mlpipeline;

import io.mlpipeline.plan.Reproduced;
import java.util.List;
import java.util.Optional;

/**
 * What came of running a run again.
 *
 * @param run the run that was run again
 * @param pipeline its pipeline
 * @param outcome the verdict on the whole: that on its worst step
 * @param steps the steps in the order of the pipeline
 * @param scratch where everything was written; empty if it was removed
 */
public record Reproduction(
    String run,
    String pipeline,
    Reproduced.Outcome outcome,
    List<Reproduced> steps,
    Optional<String> scratch) {

  public Reproduction {
    steps = List.copyOf(steps);
  }
}
