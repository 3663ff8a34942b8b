package io.mlpipeline.model;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a gate measured of one version of a dataset: a point of its history.
 *
 * @param pipeline the pipeline
 * @param dataset the dataset
 * @param run the run
 * @param attempt the attempt
 * @param at when it was measured
 * @param content the content's digest, so that the same content counts once
 * @param verdict what the gate said; rejected points are kept and are no part of any baseline
 * @param metrics the metrics by the names that outcomes use, such as {@code Column.age.Mean}
 */
public record Measurement(
    String pipeline,
    String dataset,
    String run,
    String attempt,
    Instant at,
    String content,
    Verdict verdict,
    SortedMap<String, Double> metrics) {

  public Measurement {
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }
}
