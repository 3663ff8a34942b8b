package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a dataset that were set apart.
 *
 * @param rows how many, each counted once
 * @param byRule how many broke each rule, by the rule's id; a row may be counted under several
 * @param table the version of the quarantine table that holds them; null if none was published
 */
public record QuarantineReport(
    long rows, SortedMap<String, Long> byRule, @Nullable OutputVersion table) {

  public QuarantineReport {
    byRule = Collections.unmodifiableSortedMap(new TreeMap<>(byRule));
  }
}
