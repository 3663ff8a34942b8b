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
 * @param modelClasses classes, or prefixes that end in a dot, that models may be made of besides
 *     MLlib's and the engine's
 */
public record AttemptCall(
    String pipeline,
    String run,
    String attempt,
    StepSpec step,
    List<PinnedInput> inputs,
    List<InputSpec> sources,
    List<String> modelClasses) {

  public AttemptCall {
    inputs = List.copyOf(inputs);
    sources = List.copyOf(sources);
    modelClasses = List.copyOf(modelClasses);
  }

  /** An attempt whose pipeline names no further classes for models. */
  public AttemptCall(
      String pipeline,
      String run,
      String attempt,
      StepSpec step,
      List<PinnedInput> inputs,
      List<InputSpec> sources) {
    this(pipeline, run, attempt, step, inputs, sources, List.of());
  }
}
