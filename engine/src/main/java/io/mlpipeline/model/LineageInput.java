package io.mlpipeline.model;

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
