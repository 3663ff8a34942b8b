package io.mlpipeline.reproduce;

import io.mlpipeline.plan.Reproduced;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of running a run again.
 *
 * @param run the run that was run again
 * @param pipeline its pipeline
 * @param card the version whose card alone says what was run, such as {@code churn@1.0.0}; null if
 *     the run kept it
 * @param steps the steps in the order of the pipeline
 * @param scratch where everything was written; empty if it was removed
 */
public record Reproduction(
    String run,
    String pipeline,
    @Nullable String card,
    List<Reproduced> steps,
    Optional<String> scratch) {

  public Reproduction {
    steps = List.copyOf(steps);
  }

  /** The verdict on the whole: that on its worst step. */
  public Reproduced.Outcome outcome() {
    return Reproduced.whole(steps);
  }
}
