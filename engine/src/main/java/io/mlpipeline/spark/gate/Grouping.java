package io.mlpipeline.spark.gate;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The frequencies of some columns' values, which all rules over the same columns and the same
 * filter read. They are computed when they are first asked for.
 */
final class Grouping {

  private final Supplier<Frequencies> source;
  private @Nullable Frequencies found;
  private @Nullable String trouble;

  Grouping(Supplier<Frequencies> source) {
    this.source = source;
  }

  /** Rows with a value that no other row has, as a share of the rows with a value. */
  Reading uniqueness() {
    return ofValues(f -> Reading.share(f.once(), f.rows()));
  }

  /** Values that occur once, as a share of the distinct values. */
  Reading uniqueValueRatio() {
    return ofValues(f -> Reading.share(f.once(), f.values()));
  }

  /** By the natural logarithm. */
  Reading entropy() {
    return ofValues(f -> Reading.of(Math.log((double) f.rows()) - f.weighted() / f.rows()));
  }

  /** Rows that share their values with another row. */
  Reading duplicateRows() {
    return read(f -> Reading.count(f.repeated()));
  }

  /** Distinct values, null being one of them. */
  Reading distinctValues() {
    return read(f -> Reading.count(f.groups()));
  }

  private Reading ofValues(Function<Frequencies, Reading> formula) {
    return read(f -> f.rows() == 0 ? Reading.failed("every value is null") : formula.apply(f));
  }

  private Reading read(Function<Frequencies, Reading> formula) {
    run();
    Frequencies result = found;
    return result == null ? Reading.failed(String.valueOf(trouble)) : formula.apply(result);
  }

  private void run() {
    if (found != null || trouble != null) {
      return;
    }
    try {
      found = source.get();
    } catch (Measure.Unmeasured e) {
      trouble = e.getMessage();
    } catch (Exception e) {
      if (!Failures.isOfTheRule(e)) {
        throw Failures.unchecked(e);
      }
      trouble = Failures.words(e);
    }
  }
}
