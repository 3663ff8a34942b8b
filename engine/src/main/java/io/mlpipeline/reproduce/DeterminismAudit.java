package io.mlpipeline.reproduce;

import java.util.List;

/**
 * What came of running a step twice from the same pins.
 *
 * @param run whose pins
 * @param step the step
 * @param outputs what it made, in the order of the step's ports
 */
public record DeterminismAudit(String run, String step, List<Output> outputs) {

  public DeterminismAudit {
    outputs = List.copyOf(outputs);
  }

  /** Whether everything came out twice the same. */
  public boolean isDeterministic() {
    return outputs.stream().allMatch(Output::isSame);
  }

  /**
   * One output, compared with itself.
   *
   * @param name the dataset's or model's name
   * @param first its digest the first time
   * @param second its digest the second time
   * @param columns the columns that differ; empty for a model
   * @param rows how many rows of the first time the second does not have; 0 for a model
   * @param example one of them: its keys, or else its columns that do not differ; empty if none
   */
  public record Output(
      String name, String first, String second, List<String> columns, long rows, String example) {

    public Output {
      columns = List.copyOf(columns);
    }

    public boolean isSame() {
      return first.equals(second);
    }
  }
}
