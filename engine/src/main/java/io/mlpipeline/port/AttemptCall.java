package io.mlpipeline.port;

import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.StepSpec;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt is about.
 *
 * @param pipeline the pipeline
 * @param run the run
 * @param attempt the attempt's id, safe in file names
 * @param step the step
 * @param inputs what its ports are bound to
 * @param sources what the pipeline says of its external inputs
 * @param provenance where what the ports are bound to comes from, by port, as far as it is known
 * @param modelClasses classes, or prefixes that end in a dot, that models may be made of besides
 *     MLlib's and the engine's
 * @param partitions which partitions are to be made; null for all that there is
 */
public record AttemptCall(
    String pipeline,
    String run,
    String attempt,
    StepSpec step,
    List<PinnedInput> inputs,
    List<InputSpec> sources,
    SortedMap<String, Provenance> provenance,
    List<String> modelClasses,
    @Nullable PartitionWork partitions) {

  public AttemptCall {
    inputs = List.copyOf(inputs);
    sources = List.copyOf(sources);
    provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    modelClasses = List.copyOf(modelClasses);
  }

  /** The same attempt, told where its inputs come from. */
  public AttemptCall from(SortedMap<String, Provenance> known) {
    return new AttemptCall(
        pipeline, run, attempt, step, inputs, sources, known, modelClasses, partitions);
  }

  /** The same attempt, to make these partitions alone. */
  public AttemptCall making(@Nullable PartitionWork work) {
    return new AttemptCall(
        pipeline, run, attempt, step, inputs, sources, provenance, modelClasses, work);
  }

  /** An attempt of whose inputs nothing is known, and that names no further classes for models. */
  public AttemptCall(
      String pipeline,
      String run,
      String attempt,
      StepSpec step,
      List<PinnedInput> inputs,
      List<InputSpec> sources) {
    this(
        pipeline,
        run,
        attempt,
        step,
        inputs,
        sources,
        Collections.emptySortedMap(),
        List.of(),
        null);
  }
}
