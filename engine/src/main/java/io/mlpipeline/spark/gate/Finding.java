package io.mlpipeline.spark.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What judging a rule found.
 *
 * @param passed whether it holds
 * @param reason why not, or what is to be known although it holds, without the rule's text; null if
 *     there is nothing to say
 * @param observed what was measured, by metric name
 */
record Finding(boolean passed, @Nullable String reason, SortedMap<String, Double> observed) {

  /** A rule that is ready to be judged once the scan has run. */
  interface Test {
    Finding judge();
  }

  /**
   * One metric and what must hold of it.
   *
   * @param expected what the metric's past lets one expect, asked after the scan; null if nobody
   *     looks at the past
   */
  record Clause(Gauge gauge, DoublePredicate holds, @Nullable Supplier<Expectation> expected) {

    Clause(Gauge gauge, DoublePredicate holds) {
      this(gauge, holds, null);
    }

    /** A metric that is judged by its past. */
    static Clause expecting(Gauge gauge, Supplier<Expectation> expected) {
      return new Clause(gauge, value -> true, expected);
    }
  }

  static Finding failed(String reason) {
    return new Finding(false, reason, new TreeMap<>());
  }

  /** A rule without anything to judge has not been evaluated, whatever its condition. */
  static Finding of(Optional<Measure> chosen, boolean isFiltered, List<Clause> clauses) {
    if (chosen.isPresent()) {
      String trouble = chosen.get().trouble();
      if (trouble != null) {
        return failed("not evaluated: " + trouble);
      }
      if (chosen.get().count() == 0) {
        return failed(
            "not evaluated: " + (isFiltered ? "no row matches the filter" : "there are no rows"));
      }
    }
    return of(clauses);
  }

  private static Finding of(List<Clause> clauses) {
    SortedMap<String, Double> observed = new TreeMap<>();
    List<String> reasons = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Clause clause : clauses) {
      Reading reading = clause.gauge().read();
      if (reading.pending() != null) {
        notes.add(reading.pending());
        continue;
      }
      Supplier<Expectation> source = clause.expected();
      Expectation expected = source == null ? null : source.get();
      String reason = reasonAgainst(clause, expected, reading);
      if (reason != null) {
        reasons.add(reason);
      } else if (expected != null && expected.note() != null) {
        notes.add(expected.note());
      }
      if (reading.trouble() == null) {
        observed.put(clause.gauge().name(), reading.value());
      }
      if (expected != null) {
        put(observed, clause.gauge().name() + Expectation.LOWER, expected.lower());
        put(observed, clause.gauge().name() + Expectation.UPPER, expected.upper());
      }
    }
    boolean passed = reasons.isEmpty();
    return new Finding(passed, text(", ", passed ? notes : reasons), observed);
  }

  private static void put(SortedMap<String, Double> observed, String name, @Nullable Double value) {
    if (value != null) {
      observed.put(name, value);
    }
  }

  private static @Nullable String text(String separator, List<String> parts) {
    return parts.isEmpty() ? null : String.join(separator, parts);
  }

  private static @Nullable String reasonAgainst(
      Clause clause, @Nullable Expectation expected, Reading reading) {
    if (reading.trouble() != null) {
      return "not evaluated: " + reading.trouble();
    }
    if (Double.isNaN(reading.value())) {
      return "the result is not a number (NaN)";
    }
    if (expected != null) {
      return expected.holds().test(reading.value())
          ? null
          : reading.words() + ", " + expected.words();
    }
    return clause.holds().test(reading.value()) ? null : reading.words();
  }

  /** Joins the parts of a rule. Every part has been judged, so that all reasons are told. */
  static Finding joined(List<Finding> parts, boolean isAnd) {
    boolean passed =
        isAnd ? parts.stream().allMatch(Finding::passed) : parts.stream().anyMatch(Finding::passed);
    SortedMap<String, Double> observed = new TreeMap<>();
    parts.forEach(part -> observed.putAll(part.observed()));
    List<String> reasons = new ArrayList<>();
    for (Finding part : parts) {
      // What a failed part says does not matter if the whole holds; a note always does.
      if (part.reason() != null && (part.passed() || !passed)) {
        reasons.add(part.reason());
      }
    }
    return new Finding(passed, text("; ", reasons), observed);
  }

  /** The same with the text of the part that it is about. */
  Finding about(String text) {
    return reason == null ? this : new Finding(passed, text + ": " + reason, observed);
  }
}
