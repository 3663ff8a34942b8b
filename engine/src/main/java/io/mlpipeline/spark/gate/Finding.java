package io.mlpipeline.spark.gate;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
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

  /** One metric and what must hold of it. */
  record Clause(Gauge gauge, DoublePredicate holds) {}

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
    StringBuilder reasons = new StringBuilder();
    String pending = null;
    for (Clause clause : clauses) {
      Reading reading = clause.gauge().read();
      if (reading.pending() != null) {
        pending = reading.pending();
        continue;
      }
      String reason = reasonAgainst(clause, reading);
      if (reading.trouble() == null) {
        observed.put(clause.gauge().name(), reading.value());
      }
      if (reason != null) {
        reasons.append(reasons.isEmpty() ? "" : ", ").append(reason);
      }
    }
    boolean passed = reasons.isEmpty();
    return new Finding(passed, passed ? pending : reasons.toString(), observed);
  }

  private static @Nullable String reasonAgainst(Clause clause, Reading reading) {
    if (reading.trouble() != null) {
      return "not evaluated: " + reading.trouble();
    }
    if (Double.isNaN(reading.value())) {
      return "the result is not a number (NaN)";
    }
    return clause.holds().test(reading.value()) ? null : reading.words();
  }

  /** Joins the parts of a rule. Every part has been judged, so that all reasons are told. */
  static Finding joined(List<Finding> parts, boolean isAnd) {
    boolean passed =
        isAnd ? parts.stream().allMatch(Finding::passed) : parts.stream().anyMatch(Finding::passed);
    SortedMap<String, Double> observed = new TreeMap<>();
    parts.forEach(part -> observed.putAll(part.observed()));
    String reasons =
        parts.stream()
            .filter(part -> part.passed() == passed && part.reason() != null)
            .map(part -> String.valueOf(part.reason()))
            .collect(Collectors.joining("; "));
    return new Finding(passed, reasons.isEmpty() ? null : reasons, observed);
  }

  /** The same with the text of the part that it is about. */
  Finding about(String text) {
    return reason == null ? this : new Finding(passed, text + ": " + reason, observed);
  }
}
