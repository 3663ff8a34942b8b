package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.port.Triage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns what was thrown into records. */
final class Failures {

  private static final Set<ErrorType> STOPPED = Set.of(ErrorType.CANCELLED, ErrorType.TIMED_OUT);

  private static final int LONGEST = 2_000;

  private final Triage triage;
  private final RunContext run;

  Failures(Triage triage, RunContext run) {
    this.triage = triage;
    this.run = run;
  }

  /** The record of an attempt that threw. */
  FailureRecord thrown(String step, int attempt, Throwable thrown) {
    try {
      return read(step, attempt, thrown);
    } catch (Throwable beside) {
      return unreadable(step, attempt, thrown, ErrorType.STEP_FAILED);
    }
  }

  /**
   * The record of what must not be asked: an exception's own methods may throw, and need memory.
   */
  FailureRecord unreadable(String step, int attempt, Throwable thrown, ErrorType otherwise) {
    ErrorType type = thrown instanceof OutOfMemoryError ? ErrorType.OUT_OF_MEMORY : otherwise;
    String what = thrown.getClass().getName();
    return new FailureRecord(
        run.id().value(),
        run.spec().name(),
        step,
        StepStatus.FAILED.word(),
        type,
        what + ", which does not say more",
        attempt,
        type.retryable(),
        new TreeMap<>(Map.of("exception", what)));
  }

  private FailureRecord read(String step, int attempt, Throwable thrown) {
    SortedMap<String, String> evidence = triage.evidence(run.id().attempt(step, attempt));
    EngineException known = classify(thrown, evidence);
    SortedMap<String, String> diagnostics = new TreeMap<>(evidence);
    diagnostics.putAll(known.diagnostics());
    diagnostics.putIfAbsent("exception", root(thrown).getClass().getName());
    diagnostics.replaceAll((name, value) -> bounded(value));
    String status =
        known.type() == ErrorType.CANCELLED
            ? StepStatus.CANCELLED.word()
            : StepStatus.FAILED.word();
    return new FailureRecord(
        run.id().value(),
        run.spec().name(),
        step,
        status,
        known.type(),
        String.valueOf(known.getMessage()),
        attempt,
        known.type().retryable(),
        diagnostics);
  }

  private static boolean rejects(RuleOutcome outcome) {
    boolean counts = !outcome.passed() && outcome.waiver() == null;
    return counts && outcome.rule().severity() != Severity.WARN;
  }

  /** The record of a rejection: every rule that rejects, with what was measured. */
  FailureRecord rejected(String step, int attempt, List<GateReport> gates) {
    SortedMap<String, String> diagnostics = new TreeMap<>();
    StringBuilder message = new StringBuilder();
    for (GateReport gate : gates) {
      for (RuleOutcome outcome : gate.outcomes()) {
        if (rejects(outcome)) {
          String text = outcome.rule().text();
          message.append(message.length() == 0 ? "" : "; ");
          message.append(gate.dataset()).append(": ").append(outcome.message());
          diagnostics.put(gate.dataset() + ": " + text, outcome.rule().at().toString());
        }
      }
    }
    return new FailureRecord(
        run.id().value(),
        run.spec().name(),
        step,
        StepStatus.REJECTED.word(),
        ErrorType.GATE_REJECTED,
        message.toString(),
        attempt,
        false,
        diagnostics);
  }

  private static String bounded(String value) {
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
  }

  private EngineException classify(Throwable thrown, SortedMap<String, String> evidence) {
    for (Throwable beside : thrown.getSuppressed()) {
      if (beside instanceof EngineException why && STOPPED.contains(why.type())) {
        return why; // what was thrown is only how the work noticed that it was stopped
      }
    }
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof EngineException known) {
        return known;
      }
    }
    return triage.classify(thrown, evidence).orElseGet(() -> unknown(thrown));
  }

  private static EngineException unknown(Throwable thrown) {
    Throwable root = root(thrown);
    ErrorType type =
        root instanceof OutOfMemoryError ? ErrorType.OUT_OF_MEMORY : ErrorType.STEP_FAILED;
    String what = root.getMessage() == null ? "" : ": " + root.getMessage();
    SortedMap<String, String> diagnostics = new TreeMap<>();
    if (root.getStackTrace().length > 0) {
      diagnostics.put("first-frame", root.getStackTrace()[0].toString());
    }
    return new EngineException(type, root.getClass().getSimpleName() + what, diagnostics, thrown);
  }

  private static Throwable root(Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at.getCause() != null && depth < 50; depth++) {
      at = at.getCause();
    }
    return at;
  }
}
