package io.mlpipeline.cli;

import java.util.List;

/** Numbers as a row of little bars. */
final class Sparkline {

  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /** One bar a number, the least and the largest telling the scale; a gap is a space. */
  static String of(List<Double> values) {
    double least = values.stream().filter(Double::isFinite).min(Double::compare).orElse(0.0);
    double most = values.stream().filter(Double::isFinite).max(Double::compare).orElse(0.0);
    StringBuilder line = new StringBuilder();
    for (Double value : values) {
      line.append(Double.isFinite(value) ? bar(value, least, most) : ' ');
    }
    return line.toString();
  }

  private static char bar(double value, double least, double most) {
    if (most == least) {
      return BARS.charAt(BARS.length() / 2 - 1);
    }
    double share = (value - least) / (most - least);
    return BARS.charAt((int) Math.round(share * (BARS.length() - 1)));
  }
}
