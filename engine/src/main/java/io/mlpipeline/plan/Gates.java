package io.mlpipeline.plan;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.StepSpec;
import java.util.SortedMap;
import java.util.TreeMap;

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

  private static void put(SortedMap<String, GateSpec> gates, String dataset, GateSpec gate) {
    if (!gate.isOpen() || gate.maxQuarantine() > 0) {
      gates.put(dataset, gate);
    }
  }
}
