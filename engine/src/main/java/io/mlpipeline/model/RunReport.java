package io.mlpipeline.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run.
 *
 * @param runId the run
 * @param pipeline the pipeline
 * @param environment the overlay in force
 * @param status what became of it
 * @param started when
 * @param seconds how long it took
 * @param steps one for each step, in the order of the graph
 * @param failure the first failure; null if there was none
 * @param warehouse the warehouse's URI
 * @param receipt where the receipt is, relative to the warehouse
 */
public record RunReport(
    RunId runId,
    String pipeline,
    String environment,
    RunStatus status,
    Instant started,
    double seconds,
    List<StepReport> steps,
    @Nullable FailureRecord failure,
    String warehouse,
    String receipt) {

  public RunReport {
    steps = List.copyOf(steps);
  }
}
