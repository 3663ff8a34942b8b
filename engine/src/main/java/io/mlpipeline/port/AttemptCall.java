package io.mlpipeline.port;

import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.StepSpec;
import java.util.List;

/**
 * What one attempt is about.
 *
 * @param pipeline the pipeline
 * @param run the run
 * @param attempt the attempt's id, safe in file names
 * @param step the step
 * @param inputs what its ports are bound to
 * @param sources what the pipeline says of its external inputs
 */
public record AttemptCall(
    String pipeline,
    String run,
    String attempt,
    StepSpec step,
    List<PinnedInput> inputs,
    List<InputSpec> sources) {

  public AttemptCall {
    inputs = List.copyOf(inputs);
    sources = List.copyOf(sources);
  }
}
