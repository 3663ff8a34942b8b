package io.mlpipeline.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a step read at one port.
 *
 * @param port the step's port
 * @param name the dataset's or model's name
 * @param uri relative to the warehouse, or absolute for what comes from outside
 * @param version the Delta version; -1 for files, 0 for models
 * @param identity what the step was keyed by
 * @param rows rows, or -1 if unknown
 * @param bytes bytes, or -1 if unknown
 */
public record LineageInput(
    String port, String name, String uri, long version, String identity, long rows, long bytes) {

  /** Where steps that read several tables read the rows to learn from, the likeliest first. */
  private static final List<String> TRAINING_PORTS = List.of("rows", "train", "training");

  /** Of what a step that trains read, the table that it learned from; empty if it read none. */
  public static Optional<LineageInput> trainingTable(List<LineageInput> read) {
    return read.stream()
        .filter(input -> input.version() >= 0 && !input.isModel())
        .min(Comparator.comparingInt(LineageInput::rank));
  }

  private int rank() {
    int at = TRAINING_PORTS.indexOf(port);
    return at < 0 ? TRAINING_PORTS.size() : at;
  }

  /** Whether it is a model's content. */
  public boolean isModel() {
    return identity.startsWith("m1:");
  }

  /** What a pinned input looks like in lineage. */
  public static LineageInput of(PinnedInput input) {
    PinnedSource source = input.source();
    if (source != null) {
      return new LineageInput(
          input.port(),
          input.dataset(),
          source.uri(),
          source.version(),
          source.identity(),
          -1,
          source.bytes());
    }
    OutputVersion output = java.util.Objects.requireNonNull(input.output());
    return new LineageInput(
        input.port(),
        input.dataset(),
        output.uri(),
        output.version(),
        output.identity(),
        output.rows(),
        output.bytes());
  }
}
