package io.mlpipeline.registry;

import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ReuseEntry;
import java.util.List;

/**
 * One step of a model's receipt: what it was keyed by, what it read, what it made.
 *
 * @param uses the step's type as written
 * @param entry what its attempt left: fingerprint with ingredients, outputs, metrics, gates
 * @param inputs what it read at its pins
 */
public record ReceiptStep(String uses, ReuseEntry entry, List<LineageInput> inputs) {

  public ReceiptStep {
    inputs = List.copyOf(inputs);
  }

  public String step() {
    return entry.step();
  }
}
