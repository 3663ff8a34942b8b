package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a step's code without loading its class.
 *
 * @param className the step's class
 * @param digest over the bytecode of every project class that it can reach
 * @param parts digest by class or third-party jar, so that a change can be named
 * @param paramTexts canonical text by param key where it differs from {@link Params#text}: SQL
 *     without comments and layout, defaults filled in
 * @param deterministic false if the step declares that a re-run may differ
 */
public record StepCode(
    String className,
    String digest,
    SortedMap<String, String> parts,
    SortedMap<String, String> paramTexts,
    boolean deterministic) {

  public StepCode {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    paramTexts = Collections.unmodifiableSortedMap(new TreeMap<>(paramTexts));
  }
}
