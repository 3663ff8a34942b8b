package io.mlpipeline.registry;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a gate of a promotion said.
 *
 * @param rule the Spark SQL boolean as it was written
 * @param passed whether it was true
 * @param message why not; null if it passed
 * @param observed the metrics that it read, by their names in the rule
 */
public record Decided(
    String rule, boolean passed, @Nullable String message, SortedMap<String, Double> observed) {

  public Decided {
    observed = Collections.unmodifiableSortedMap(new TreeMap<>(observed));
  }
}
