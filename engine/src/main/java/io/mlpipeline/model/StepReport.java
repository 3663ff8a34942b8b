package io.mlpipeline.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of one step in one run: the single source of the log line, the receipt and the
 * summary.
 *
 * @param name the step
 * @param decision {@code execute}, {@code reaudit}, {@code reuse}, {@code skip}, or {@code blocked}
 *     or {@code await} where the run ended before anything could be done about it
 * @param reason why, in a sentence
 * @param status what became of it
 * @param seconds how long it took, all attempts together
 * @param attempts how many attempts were made; 0 if none
 * @param reusedFrom the run whose outputs were taken; null if none
 * @param metrics the step's metrics
 * @param outputs what the step's outputs are now; empty if it published nothing
 * @param gates what the gates said
 * @param failure why it failed; null if it did not
 */
public record StepReport(
    String name,
    String decision,
    String reason,
    StepStatus status,
    double seconds,
    int attempts,
    @Nullable String reusedFrom,
    SortedMap<String, Double> metrics,
    List<OutputVersion> outputs,
    List<GateReport> gates,
    @Nullable FailureRecord failure) {

  public StepReport {
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    outputs = List.copyOf(outputs);
    gates = List.copyOf(gates);
  }
}
