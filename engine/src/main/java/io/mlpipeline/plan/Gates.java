package io.mlpipeline.plan;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.StepSpec;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The gates that judge a step: those of its external inputs and those of its outputs. */
final class Gates {

  private Gates() {}

  /** By dataset name, which is unique in a pipeline; gates that ask nothing are left out. */
  static SortedMap<String, GateSpec> of(PipelineSpec spec, StepSpec step) {
    SortedMap<String, GateSpec> gates = new TreeMap<>();
    for (String dataset : step.inputs().values()) {
      spec.input(dataset).map(InputSpec::gate).ifPresent(gate -> put(gates, dataset, gate));
    }
    for (OutputSpec output : step.outputs()) {
      put(gates, output.name(), output.gate());
    }
    return gates;
  }

  /**
   * The datasets that the gates of a step look at beside the rows that they judge, each once. What
   * the step reads itself is left out: it is pinned already.
   */
  static SortedSet<String> referenced(PipelineSpec spec, StepSpec step) {
    TreeSet<String> all = new TreeSet<>();
    for (GateSpec gate : of(spec, step).values()) {
      gate.references().stream().filter(d -> !step.inputs().containsValue(d)).forEach(all::add);
    }
    return all;
  }

  private static void put(SortedMap<String, GateSpec> gates, String dataset, GateSpec gate) {
    if (!gate.isOpen() || gate.maxQuarantine() > 0) {
      gates.put(dataset, gate);
    }
  }
}
