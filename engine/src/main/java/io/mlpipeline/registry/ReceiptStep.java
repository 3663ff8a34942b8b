package io.mlpipeline.registry;

import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ReuseEntry;
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

  /** The table that a step that trains learned from; empty if it read none. */
  public Optional<LineageInput> trainingTable() {
    return LineageInput.trainingTable(inputs);
  }

  /** Of the steps that lead to a model, the one that made it of no model of its content. */
  public static Optional<ReceiptStep> training(List<ReceiptStep> steps, String digest) {
    return steps.stream()
        .filter(s -> s.entry().outputs().stream().anyMatch(o -> o.digest().equals(digest)))
        .filter(s -> s.inputs().stream().noneMatch(input -> input.identity().equals(digest)))
        .findFirst();
  }

  public String step() {
    return entry.step();
  }
}
