package io.mlpipeline.steps.train;

import java.util.ArrayList;
import java.util.List;

/** Intervals of equally many rows, as written: {@code quantiles 4}. */
final class Quantiles {

  private Quantiles() {}

  /** Into how many parts; 0 if it is not written like that. */
  static int count(String written) {
    String number = written.replaceFirst("^quantiles +", "");
    boolean fits = number.matches("[0-9]{1,3}") && !number.equals(written);
    int count = fits ? Integer.parseInt(number) : 0;
    return count >= 2 && count <= 100 ? count : 0;
  }

  /** The shares of rows below each inner edge. */
  static List<Double> shares(int count) {
    List<Double> shares = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      shares.add((double) i / count);
    }
    return shares;
  }
}
