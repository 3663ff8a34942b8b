package io.mlpipeline.spark;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.port.AttemptCall;
import org.jspecify.annotations.Nullable;

/** What the input ports of an attempt are bound to; a wrong port is told with the right ones. */
final class AttemptPorts {

  private final AttemptCall call;

  AttemptPorts(AttemptCall call) {
    this.call = call;
  }

  /** What the pipeline says of an external input; null if it is none. */
  @Nullable InputSpec source(String dataset) {
    return call.sources().stream()
        .filter(source -> source.name().equals(dataset))
        .findFirst()
        .orElse(null);
  }

  /** The same of what a port is bound to, which is external. */
  InputSpec spec(PinnedInput input) {
    InputSpec spec = source(input.dataset());
    if (spec == null) {
      throw wrong(input.port(), "is bound to " + input.dataset() + ", which no input declares");
    }
    return spec;
  }

  PinnedInput pinned(String port) {
    return call.inputs().stream()
        .filter(input -> input.port().equals(port))
        .findFirst()
        .orElseThrow(
            () -> {
              String bound =
                  String.join(
                      ", ",
                      call.inputs().stream()
                          .filter(i -> !i.isOfGate())
                          .map(PinnedInput::port)
                          .toList());
              return wrong(
                  port, "is not bound; the pipeline binds " + (bound.isEmpty() ? "none" : bound));
            });
  }

  /** What a port is bound to, which is a model. */
  PinnedInput modelAt(String port) {
    PinnedInput input = pinned(port);
    if (!input.isModel()) {
      throw wrong(port, "is bound to a table, not to a model: use context.input()");
    }
    return input;
  }

  EngineException wrong(String port, String problem) {
    return new EngineException(
        ErrorType.STEP_FAILED,
        "step " + call.step().name() + ": its input port " + port + " " + problem);
  }
}
