package io.mlpipeline.rehearse;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of running a pipeline on no rows.
 *
 * @param pipeline the pipeline
 * @param steps one for each step, in the order of the graph
 * @param rules how many rules of gates were looked at, none of which was judged
 * @param schemas the columns of every table that is known now, as Spark's and Delta's JSON
 * @param seconds how long it took
 */
public record EmptyReport(
    String pipeline,
    List<StepResult> steps,
    int rules,
    SortedMap<String, String> schemas,
    double seconds) {

  public EmptyReport {
    steps = List.copyOf(steps);
    schemas = Collections.unmodifiableSortedMap(new TreeMap<>(schemas));
  }

  /** What became of a step. */
  public enum State {
    /** It ran, and what it made is what was agreed on. */
    WORKS("works"),
    /** It was looked at as far as that goes without rows. */
    LEFT_OUT("left out"),
    /** It would fail whatever the rows are. */
    FAILED("failed");

    private final String word;

    State(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * One step.
   *
   * @param name the step
   * @param state what became of it
   * @param text why it was left out or failed, or what it makes
   * @param failure the exception that says so; null unless it failed
   */
  public record StepResult(
      String name,
      State state,
      String text,
      io.mlpipeline.model.@Nullable EngineException failure) {}

  /** The first step that failed; null if none did. */
  public @Nullable StepResult firstFailure() {
    return steps.stream().filter(s -> s.state() == State.FAILED).findFirst().orElse(null);
  }
}
