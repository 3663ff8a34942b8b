package io.mlpipeline.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one attempt made under one fingerprint; immutable, put if absent.
 *
 * @param pipeline the pipeline
 * @param step the step
 * @param fingerprint what decides reuse, with its ingredients
 * @param verdictKey hash over the gates that judged it, and what they looked at beside
 * @param verdict what they said; a rejected entry is never reused, only judged again
 * @param run the run that made it
 * @param attempt the attempt that made it
 * @param at when
 * @param outputs what was published; empty if rejected
 * @param metrics the step's metrics
 * @param rejected the staged tables that a gate rejected, kept for inspection; else empty
 * @param rejectedModels the models that were staged beside rejected tables
 * @param gates what the gates said
 */
public record ReuseEntry(
    String pipeline,
    String step,
    Fingerprint fingerprint,
    String verdictKey,
    Verdict verdict,
    String run,
    String attempt,
    Instant at,
    List<OutputVersion> outputs,
    SortedMap<String, Double> metrics,
    List<StagedTable> rejected,
    List<StagedModel> rejectedModels,
    List<GateReport> gates) {

  public ReuseEntry {
    outputs = List.copyOf(outputs);
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    rejected = List.copyOf(rejected);
    rejectedModels = List.copyOf(rejectedModels);
    gates = List.copyOf(gates);
  }
}
