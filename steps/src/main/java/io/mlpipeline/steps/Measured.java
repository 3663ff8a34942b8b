package io.mlpipeline.steps;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured of one model on one slice.
 *
 * @param slice {@code all}, {@code plan=basic} or {@code latency}
 * @param rows on how many rows
 * @param isSmall whether they are too few for metrics
 * @param metrics values by name
 */
record Measured(String slice, long rows, boolean isSmall, SortedMap<String, Double> metrics) {

  Measured {
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }
}
