package io.mlpipeline.registry;

import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ReuseEntry;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /** Where steps that read several tables read the rows to learn from. */
  private static final List<String> TRAINING_PORTS = List.of("rows", "train", "training");

  /** The table that a step that trains learned from; empty if it read none. */
  public Optional<LineageInput> trainingTable() {
    return inputs.stream()
        .filter(input -> input.version() >= 0 && !input.identity().startsWith("m1:"))
        .min(
            Comparator.comparingInt(
                input -> {
                  int at = TRAINING_PORTS.indexOf(input.port());
                  return at < 0 ? TRAINING_PORTS.size() : at;
                }));
  }

  public String step() {
    return entry.step();
  }
}
