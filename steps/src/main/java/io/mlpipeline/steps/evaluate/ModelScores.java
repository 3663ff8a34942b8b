package io.mlpipeline.steps.evaluate;

/** What is known of every row and what one model says of it, in arrays that are not copied. */
public final class ModelScores {

  private final double[] truth;
  private final double[][] outputs;

  /**
   * @param truth the label of each row: 0 or 1, a class's number, a value; nothing in a clustering
   * @param outputs what the model says, by output and row; which outputs there are is the {@link
   *     Yardstick}'s to say
   */
  public ModelScores(double[] truth, double[][] outputs) {
    this.truth = truth;
    this.outputs = outputs;
  }

  /** How many rows there are. */
  public int rows() {
    return outputs[0].length;
  }

  /** The labels themselves. */
  public double[] truth() {
    return truth;
  }

  /** What the model says, itself. */
  public double[][] outputs() {
    return outputs;
  }

  double output(int which, int row) {
    return outputs[which][row];
  }
}
