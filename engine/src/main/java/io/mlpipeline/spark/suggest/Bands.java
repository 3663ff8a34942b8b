package io.mlpipeline.spark.suggest;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Margins around what was seen. They are wide where few versions were seen, because a gate that
 * cries wolf is switched off.
 */
final class Bands {

  private Bands() {}

  /**
   * Two bounds, which may lie outside of what is possible.
   *
   * @param low the lower
   * @param high the upper
   */
  record Band(double low, double high) {}

  /** By how much of its size a number may differ from those of this many versions. */
  static double relative(int versions) {
    if (versions >= 10) {
      return 0.15;
    }
    if (versions >= 5) {
      return 0.2;
    }
    return versions >= 3 ? 0.25 : versions == 2 ? 0.3 : 0.5;
  }

  /** By how many times the spread between versions a number may lie outside of it. */
  private static double spreads(int versions) {
    return versions >= 5 ? 1 : versions >= 3 ? 2 : 3;
  }

  /**
   * The band around a number's values in several versions.
   *
   * @param least the least value
   * @param most the greatest
   * @param versions how many versions
   * @param noise what chance alone does to it
   */
  static Band around(double least, double most, int versions, double noise) {
    double size = Math.max(Math.abs(least), Math.abs(most));
    double margin =
        Math.max(
            Math.max(relative(versions) * size, spreads(versions) * (most - least)), 6 * noise);
    return new Band(least - margin, most + margin);
  }

  /** How many times the greatest value a single later value may be. */
  static double headroom(int versions) {
    return versions >= 10 ? 2 : versions >= 3 ? 5 : 10;
  }

  static String down(double value, int digits) {
    return text(value, digits, RoundingMode.FLOOR);
  }

  static String up(double value, int digits) {
    return text(value, digits, RoundingMode.CEILING);
  }

  /** DQDL knows no exponents. */
  private static String text(double value, int digits, RoundingMode mode) {
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits, mode));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
