package io.mlpipeline.plan;

import io.mlpipeline.model.Likeness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What became of a step that was run again from its receipt.
 *
 * @param step the step
 * @param outcome the verdict
 * @param why what differs, what changed or what is gone, in words; of an identical step empty, or
 *     what changed without consequence
 * @param drift the ingredients that are not as they were
 * @param outputs how each output compares
 * @param notes what else is to be known, whatever the verdict
 */
public record Reproduced(
    String step,
    Outcome outcome,
    List<String> why,
    List<IngredientChange> drift,
    List<Likeness> outputs,
    List<String> notes) {

  /** The verdicts, the best first. */
  public enum Outcome {
    /** Every output has the digest that was recorded. */
    IDENTICAL,
    /** Outputs differ as far as the step says that they may, or as sums in another order do. */
    EQUIVALENT,
    /** Outputs differ otherwise. */
    DRIFTED,
    /** It could not be run: something is gone. */
    IMPOSSIBLE
  }

  /** Whether a step says that it gives the same for the same. */
  public enum Promise {
    DETERMINISTIC,
    MAY_DIFFER
  }

  public Reproduced {
    why = List.copyOf(why);
    drift = List.copyOf(drift);
    outputs = List.copyOf(outputs);
    notes = List.copyOf(notes);
  }

  private Reproduced(
      String step,
      Outcome outcome,
      List<String> why,
      List<IngredientChange> drift,
      List<Likeness> outputs) {
    this(step, outcome, why, drift, outputs, List.of());
  }

  /** The same with this beside. */
  public Reproduced noting(List<String> more) {
    return new Reproduced(step, outcome, why, drift, outputs, more);
  }

  /** A step that could not be run, and what is gone. */
  public static Reproduced impossible(
      String step, List<String> gone, List<IngredientChange> drift) {
    return new Reproduced(step, Outcome.IMPOSSIBLE, gone, drift, List.of());
  }

  /**
   * Judges what was made again. Content decides: where it is the same, a change of code or platform
   * had no consequence and is told beside. Where it differs, what changed is to blame if anything
   * did; else the step's own promise.
   */
  public static Reproduced judge(
      String step, Promise promise, List<IngredientChange> drift, List<Likeness> outputs) {
    List<String> changed = drift.stream().map(Reproduced::words).toList();
    Likeness.Degree worst =
        outputs.stream()
            .map(Likeness::degree)
            .max(Comparator.naturalOrder())
            .orElse(Likeness.Degree.SAME);
    if (worst == Likeness.Degree.SAME) {
      return new Reproduced(step, Outcome.IDENTICAL, changed, drift, outputs);
    }
    List<String> why = new ArrayList<>(changed);
    outputs.forEach(one -> one.differences().forEach(what -> why.add(one.name() + ": " + what)));
    if (worst == Likeness.Degree.WITHIN_TOLERANCE) {
      return new Reproduced(step, Outcome.EQUIVALENT, why, drift, outputs);
    }
    if (!drift.isEmpty()) {
      return new Reproduced(step, Outcome.DRIFTED, why, drift, outputs);
    }
    boolean declared = promise == Promise.MAY_DIFFER;
    why.add(
        declared
            ? "the step is declared to give other results each time"
            : "nothing on record changed, so the step does not give the same for the same:"
                + " mlpipeline reproduce --audit names the columns");
    Outcome outcome = declared ? Outcome.EQUIVALENT : Outcome.DRIFTED;
    return new Reproduced(step, outcome, why, drift, outputs);
  }

  /** The verdict on a run: that on its worst step. */
  public static Outcome whole(List<Reproduced> steps) {
    return steps.stream()
        .flatMap(step -> Stream.of(step.outcome()))
        .max(Comparator.naturalOrder())
        .orElse(Outcome.IMPOSSIBLE);
  }

  private static String words(IngredientChange change) {
    String before = change.before();
    String after = change.after();
    if (before == null) {
      return change.label() + " is new";
    }
    if (after == null) {
      return change.label() + " is gone";
    }
    boolean isShort = before.length() <= 40 && after.length() <= 40;
    return change.label() + (isShort ? " " + before + " -> " + after : " changed");
  }
}
