package io.mlpipeline.model;

import org.jspecify.annotations.Nullable;

/**
 * What one input port of a step is bound to: an external source or an output of another step;
 * exactly one of the two is set.
 *
 * @param port the step's port
 * @param dataset the dataset's or model's name
 * @param source the external source, or null
 * @param output the published output, or null
 */
public record PinnedInput(
    String port, String dataset, @Nullable PinnedSource source, @Nullable OutputVersion output) {

  /** What begins the port of a dataset that only a gate looks at. No step's port has a dot. */
  private static final String GATE = "gate.";

  public PinnedInput {
    if ((source == null) == (output == null)) {
      throw new IllegalArgumentException("input " + port + " is bound to not exactly one thing");
    }
  }

  /** The reserved port of a dataset that a gate of the step looks at. */
  public static String gatePort(String dataset) {
    return GATE + dataset;
  }

  /** Whether only a gate looks at it: the step itself does not see it. */
  public boolean isOfGate() {
    return port.startsWith(GATE);
  }

  /** What the reading step is keyed by. */
  public String identity() {
    return source != null ? source.identity() : java.util.Objects.requireNonNull(output).identity();
  }

  /** Whether it is a model, of this pipeline or a registered one. */
  public boolean isModel() {
    return source != null
        ? source.kind() == InputKind.MODEL
        : java.util.Objects.requireNonNull(output).kind() == OutputKind.MODEL;
  }
}
