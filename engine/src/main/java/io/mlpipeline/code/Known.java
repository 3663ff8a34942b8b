package io.mlpipeline.code;

import io.mlpipeline.model.StepTypeInfo;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a scan found: all that a cache keeps.
 *
 * @param types by class name
 * @param parts digest by part, by class name
 * @param problems what is wrong with a class that says it is a step, by {@code uses} and by class
 *     name
 */
record Known(
    SortedMap<String, StepTypeInfo> types,
    SortedMap<String, SortedMap<String, String>> parts,
    SortedMap<String, String> problems) {

  Known {
    types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    problems = Collections.unmodifiableSortedMap(new TreeMap<>(problems));
  }
}
