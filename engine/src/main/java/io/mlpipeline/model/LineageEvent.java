package io.mlpipeline.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One row of lineage. Every form of it (JSON, Delta) has these fields.
 *
 * @param id unique: {@code <run>/<ordinal>}
 * @param kind what sort of event
 * @param runId the run
 * @param pipeline the pipeline
 * @param environment the overlay in force
 * @param step the step; null for an event of the run itself
 * @param attempt the attempt's number; 0 where none was made
 * @param status the {@link StepStatus} or {@link RunStatus} as a word
 * @param reason why the step ran or was reused; null for a run
 * @param fingerprint 64 hex digits; null for a run
 * @param ingredients what went into the fingerprint
 * @param inputs what was read
 * @param outputs what was published
 * @param metrics the step's metrics
 * @param gates what the gates said
 * @param failure why it failed; null if it did not
 * @param facts everything else, by name: {@code git-commit}, {@code git-dirty}, {@code
 *     class-path-digest}, {@code jdk}, {@code os}, {@code engine}, {@code spark}, {@code delta},
 *     {@code user}, {@code host}, {@code spark-application-id}, {@code cause}, {@code
 *     container-digest}, {@code pipeline-file}, {@code working-directory}
 * @param started when
 * @param ended when
 */
public record LineageEvent(
    String id,
    Kind kind,
    String runId,
    String pipeline,
    String environment,
    @Nullable String step,
    int attempt,
    String status,
    @Nullable String reason,
    @Nullable String fingerprint,
    List<Ingredient> ingredients,
    List<LineageInput> inputs,
    List<OutputVersion> outputs,
    SortedMap<String, Double> metrics,
    List<GateReport> gates,
    @Nullable FailureRecord failure,
    SortedMap<String, String> facts,
    Instant started,
    Instant ended) {

  /** The sorts of events. */
  public enum Kind {
    RUN,
    ATTEMPT,
    REUSE,
    GATE,
    MODEL
  }

  public LineageEvent {
    ingredients = List.copyOf(ingredients);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    gates = List.copyOf(gates);
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }
}
