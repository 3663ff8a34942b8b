package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every step's newest entry: one read plans the common case. A hint, not a truth: without it the
 * reuse entries say the same.
 *
 * @param pipeline the pipeline
 * @param steps the newest entry by step
 */
public record LastState(String pipeline, SortedMap<String, ReuseEntry> steps) {

  public LastState {
    steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
  }
}
