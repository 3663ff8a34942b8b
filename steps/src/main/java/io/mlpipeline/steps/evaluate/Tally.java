package io.mlpipeline.steps.evaluate;

import java.util.SortedMap;
import java.util.TreeMap;

/** Named numbers, of which those that are not defined are left out. */
final class Tally {

  private final SortedMap<String, Double> values = new TreeMap<>();

  private Tally(int rows) {
    values.put("rows", (double) rows);
  }

  static SortedMap<String, Double> of(int rows) {
    return new Tally(rows).byName();
  }

  static Tally started(int rows) {
    return new Tally(rows);
  }

  /** Adds a number, unless it is NaN or infinite. */
  Tally put(String name, double value) {
    if (Double.isFinite(value)) {
      values.put(name, value + 0.0);
    }
    return this;
  }

  /** Adds a quotient, unless it is one by zero. */
  Tally put(String name, double part, double whole) {
    return put(name, part / whole);
  }

  SortedMap<String, Double> byName() {
    return values;
  }
}
