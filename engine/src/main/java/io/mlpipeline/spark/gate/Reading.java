package io.mlpipeline.spark.gate;

import java.math.BigDecimal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One number that a rule is judged by.
 *
 * @param value the number
 * @param words the number as a person is told
 * @param trouble why there is no number; null if there is
 */
record Reading(double value, String words, @Nullable String trouble) {

  static Reading of(double value) {
    return new Reading(value, plain(value), null);
  }

  static Reading of(double value, String words) {
    return new Reading(value, words, null);
  }

  static Reading count(long value) {
    return of((double) value);
  }

  static Reading share(long part, long whole) {
    return of((double) part / whole);
  }

  static Reading failed(String trouble) {
    return new Reading(Double.NaN, trouble, trouble);
  }

  /** What a query gives, or why it gives nothing; what is no rule's fault is thrown. */
  static Reading attempt(Supplier<Reading> query) {
    try {
      return query.get();
    } catch (References.Missing | Measure.Unmeasured e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (Exception e) {
      if (!Failures.isOfTheRule(e)) {
        throw Failures.unchecked(e);
      }
      return failed(Failures.words(e));
    }
  }

  /** A number without exponent and without zeros that say nothing. */
  static String plain(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
    return exact.signum() == 0 ? "0" : exact.toPlainString();
  }
}
