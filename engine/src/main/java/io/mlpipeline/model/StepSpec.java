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
 * @param partitions by input port, of which partitions of it one of the output is made; ports that
 *     are not here are read whole
 * @param params what decides the results
 * @param outputs what it publishes, in the order of the file
 * @param runtime what never decides the results
 * @param at where it was written
 */
public record StepSpec(
    String name,
    String uses,
    SortedMap<String, String> inputs,
    SortedMap<String, PartitionUse> partitions,
    Params params,
    List<OutputSpec> outputs,
    RuntimeSpec runtime,
    SourceLocation at) {

  public StepSpec {
    Names.check("step", name);
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    outputs = List.copyOf(outputs);
  }

  /** A step that reads every input whole. */
  public StepSpec(
      String name,
      String uses,
      SortedMap<String, String> inputs,
      Params params,
      List<OutputSpec> outputs,
      RuntimeSpec runtime,
      SourceLocation at) {
    this(name, uses, inputs, Collections.emptySortedMap(), params, outputs, runtime, at);
  }

  /** Which partitions of the input at a port one of the output is made of. */
  public PartitionUse use(String port) {
    return partitions.getOrDefault(port, PartitionUse.ALL);
  }

  /** Whether its output is made partition by partition. */
  public boolean isByPartition() {
    return outputs.stream().anyMatch(OutputSpec::isByPartition);
  }

  /** The output at this port. */
  public Optional<OutputSpec> output(String port) {
    return outputs.stream().filter(o -> o.port().equals(port)).findFirst();
  }

  /** The same step with other params. */
  public StepSpec withParams(Params other) {
    return new StepSpec(name, uses, inputs, partitions, other, outputs, runtime, at);
  }

  /** The same step, run otherwise. */
  public StepSpec withRuntime(RuntimeSpec other) {
    return new StepSpec(name, uses, inputs, partitions, params, outputs, other, at);
  }
}
