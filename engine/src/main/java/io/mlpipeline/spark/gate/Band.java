package io.mlpipeline.spark.gate;

/**
 * The values that a metric may have.
 *
 * @param lower the least of them; negative infinity if there is none
 * @param upper the largest of them; positive infinity if there is none
 */
record Band(double lower, double upper) {

  /** What adding up in another order may change. */
  private static final double NOISE = 1e-9;

  static Band around(double centre, double width) {
    return new Band(centre - width, centre + width);
  }

  boolean holds(double value) {
    double noise = NOISE * Math.abs(value);
    return value >= lower - noise && value <= upper + noise;
  }

  /** Without what the metric can never be. */
  Band cut(double least, double most) {
    return new Band(Math.max(lower, least), Math.min(upper, most));
  }
}
