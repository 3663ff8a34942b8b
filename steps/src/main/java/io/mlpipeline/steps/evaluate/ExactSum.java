package io.mlpipeline.steps.evaluate;

import java.util.Arrays;

/**
 * A sum of doubles as if it were added up without rounding and rounded once, at the end: so it is
 * the same in every order.
 *
 * <p>Keeps the sum as parts that do not overlap (Shewchuk, "Adaptive Precision Floating-Point
 * Arithmetic and Fast Robust Geometric Predicates", 1997). Finite numbers only; not for sums beyond
 * the range of doubles.
 */
final class ExactSum {

  private double[] parts = new double[4];
  private int size;

  ExactSum add(double value) {
    double rest = value;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      double part = parts[i];
      double sum = rest + part;
      double low = Math.abs(rest) >= Math.abs(part) ? part - (sum - rest) : rest - (sum - part);
      if (low != 0) {
        parts[kept++] = low;
      }
      rest = sum;
    }
    if (kept == parts.length) {
      parts = Arrays.copyOf(parts, 2 * kept);
    }
    parts[kept++] = rest;
    size = kept;
    return this;
  }

  /** The sum, rounded to the nearest double, ties to even. */
  double value() {
    if (size == 0) {
      return 0;
    }
    int at = size - 1;
    double high = parts[at];
    double low = 0;
    while (at > 0 && low == 0) {
      double before = high;
      double part = parts[--at];
      high = before + part;
      low = part - (high - before);
    }
    // A tie was rounded to even without the parts below, which say in which direction it leans.
    if (at > 0 && ((low < 0 && parts[at - 1] < 0) || (low > 0 && parts[at - 1] > 0))) {
      double twice = 2 * low;
      double other = high + twice;
      if (other - high == twice) {
        high = other;
      }
    }
    return high + 0.0;
  }
}
