package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A failure as data: read by retry, by alerting and by people.
 *
 * @param runId the run
 * @param pipeline the pipeline
 * @param step the step; null if the run failed outside of any
 * @param status {@code failed}, {@code rejected} or {@code cancelled}
 * @param type what went wrong
 * @param message what happened, to which thing
 * @param attempt the attempt's number, from 1; 0 outside of any
 * @param retryable whether another attempt may help
 * @param diagnostics what triage needs, by name
 */
public record FailureRecord(
    String runId,
    String pipeline,
    @Nullable String step,
    String status,
    ErrorType type,
    String message,
    int attempt,
    boolean retryable,
    SortedMap<String, String> diagnostics) {

  public FailureRecord {
    diagnostics = Collections.unmodifiableSortedMap(new TreeMap<>(diagnostics));
  }

  /** The same with more diagnostics. */
  public FailureRecord with(SortedMap<String, String> more) {
    SortedMap<String, String> all = new TreeMap<>(diagnostics);
    all.putAll(more);
    return new FailureRecord(runId, pipeline, step, status, type, message, attempt, retryable, all);
  }
}
