package io.mlpipeline.model;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was made from what: the part of a {@link LineageEvent} that lineage is walked by. There are
 * many events, and the rest of them is large.
 *
 * @param id that of the event
 * @param kind its kind
 * @param runId the run
 * @param pipeline the pipeline
 * @param step the step; null for an event of the run itself
 * @param status how it ended, such as {@code succeeded}
 * @param inputs what was read
 * @param outputs what was published
 * @param started when
 */
public record Derivation(
    String id,
    LineageEvent.Kind kind,
    String runId,
    String pipeline,
    @Nullable String step,
    String status,
    List<LineageInput> inputs,
    List<OutputVersion> outputs,
    Instant started) {

  private static final Set<String> FAILURES =
      Set.of(StepStatus.REJECTED.word(), StepStatus.FAILED.word(), StepStatus.CANCELLED.word());

  public Derivation {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Whether it failed, was rejected or cancelled. */
  public boolean isFailure() {
    return FAILURES.contains(status);
  }

  /** That of an event. */
  public static Derivation of(LineageEvent event) {
    return new Derivation(
        event.id(),
        event.kind(),
        event.runId(),
        event.pipeline(),
        event.step(),
        event.status(),
        event.inputs(),
        event.outputs(),
        event.started());
  }
}
