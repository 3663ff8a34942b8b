package io.mlpipeline.rehearse;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.plan.Excerpt;
import io.mlpipeline.spark.gate.VolumeRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The steps of a pipeline with gates that expect a sample, and without sinks. */
final class EasedGates {

  private final Sampling sampling;
  private final Set<String> sampled;
  private final List<String> notes = new ArrayList<>();

  EasedGates(Excerpt excerpt, Sampling sampling) {
    this.sampling = sampling;
    this.sampled = new HashSet<>(sampling.keys().keySet());
    for (StepSpec step : excerpt.steps()) {
      if (step.inputs().values().stream().anyMatch(sampled::contains)) {
        step.outputs().forEach(output -> sampled.add(output.name()));
      }
    }
  }

  InputSpec input(InputSpec input) {
    return input.withGate(eased(input.name(), input.gate()));
  }

  StepSpec step(StepSpec step) {
    return new StepSpec(
        step.name(),
        step.uses(),
        step.inputs(),
        step.partitions(),
        step.params(),
        step.outputs().stream().map(this::output).toList(),
        step.runtime(),
        step.at());
  }

  /** What was changed, in sentences. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private OutputSpec output(OutputSpec output) {
    if (output.sink() != null) {
      notes.add("the sink of " + output.name() + " receives nothing");
    }
    return output.unfollowed(eased(output.name(), output.gate()));
  }

  private GateSpec eased(String dataset, GateSpec gate) {
    if (!sampled.contains(dataset)) {
      return gate;
    }
    VolumeRules.Eased eased = VolumeRules.scaled(gate, sampling.share());
    eased.notes().forEach(note -> notes.add(dataset + ": " + note));
    return eased.gate();
  }
}
