package io.mlpipeline.model;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A step as it was written.
 *
 * @param name the step's name
 * @param uses the name of a ready-made step, or a class name
 * @param inputs dataset or model name by input port
 * @param params what decides the results
 * @param outputs what it publishes, in the order of the file
 * @param runtime what never decides the results
 * @param at where it was written
 */
public record StepSpec(
    String name,
    String uses,
    SortedMap<String, String> inputs,
    Params params,
    List<OutputSpec> outputs,
    RuntimeSpec runtime,
    SourceLocation at) {

  public StepSpec {
    Names.check("step", name);
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    outputs = List.copyOf(outputs);
  }

  /** The output at this port. */
  public Optional<OutputSpec> output(String port) {
    return outputs.stream().filter(o -> o.port().equals(port)).findFirst();
  }

  /** The same step with other params. */
  public StepSpec withParams(Params other) {
    return new StepSpec(name, uses, inputs, other, outputs, runtime, at);
  }

  /** The same step, run otherwise. */
  public StepSpec withRuntime(RuntimeSpec other) {
    return new StepSpec(name, uses, inputs, params, outputs, other, at);
  }
}
