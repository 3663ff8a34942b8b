package io.mlpipeline.spark.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * What the past of a metric lets one expect of its next value.
 *
 * @param holds whether a value is as expected
 * @param words what is expected, for who reads of a failure
 * @param note why nothing is expected yet; null if something is
 * @param lower the least value expected; null if there is none
 * @param upper the largest value expected; null if there is none
 */
record Expectation(
    DoublePredicate holds,
    String words,
    @Nullable String note,
    @Nullable Double lower,
    @Nullable Double upper) {

  /** Bounds of a metric stand beside it under its name with one of these. */
  static final String LOWER = ".lower";

  static final String UPPER = ".upper";

  /** Too little is known to expect anything. */
  static Expectation none(int has, int needs) {
    String note = "not judged yet: has " + has + " of " + needs + (needs == 1 ? " run" : " runs");
    return new Expectation(value -> true, note, note, null, null);
  }

  /** A value between bounds, which count as expected. */
  static Expectation within(Band band, String basis) {
    boolean isOpenBelow = band.lower() == Double.NEGATIVE_INFINITY;
    boolean isOpenAbove = band.upper() == Double.POSITIVE_INFINITY;
    String range =
        isOpenBelow
            ? "at most " + plain(band.upper())
            : isOpenAbove
                ? "at least " + plain(band.lower())
                : "from " + plain(band.lower()) + " to " + plain(band.upper());
    return new Expectation(
        band::holds,
        "expected " + range + " (" + basis + ")",
        null,
        isOpenBelow ? null : band.lower(),
        isOpenAbove ? null : band.upper());
  }

  /** Six digits tell enough of a bound that nobody wrote. */
  static String plain(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    return Reading.plain(new BigDecimal(value).round(new MathContext(6)).doubleValue());
  }
}
