package io.mlpipeline.run;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.plan.ReasonKind;
import io.mlpipeline.plan.StepDecision;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says of a step what became of it. */
final class Reports {

  private Reports() {}

  static StepReport reused(StepDecision decision) {
    ReuseEntry entry = Objects.requireNonNull(decision.entry());
    return new StepReport(
        decision.step().name(),
        decision.decision().word(),
        reason(decision),
        StepStatus.REUSED,
        0,
        0,
        entry.run(),
        entry.metrics(),
        entry.outputs(),
        entry.gates(),
        null);
  }

  static StepReport skipped(StepDecision decision, String why) {
    return without(decision, why, StepStatus.SKIPPED, 0, 0, null);
  }

  /** An input that is missing is a failure of its own; a failed step above is not. */
  static StepReport blocked(RunContext run, StepDecision decision) {
    ReasonKind kind = decision.reason().kind();
    if (kind == ReasonKind.UPSTREAM_FAILED) {
      return skipped(decision, decision.reason().text());
    }
    FailureRecord failure =
        new FailureRecord(
            run.id().value(),
            run.spec().name(),
            decision.step().name(),
            StepStatus.FAILED.word(),
            ErrorType.INPUT_MISSING,
            decision.reason().text(),
            0,
            false,
            new TreeMap<>(Map.of("at", decision.step().at().toString())));
    return without(decision, decision.reason().text(), StepStatus.FAILED, 0, 0, failure);
  }

  static StepReport ended(
      StepDecision decision,
      StepRunner.Ended ended,
      int attempts,
      double seconds,
      @Nullable FailureRecord rejection) {
    ReuseEntry entry = decision.entry();
    return new StepReport(
        decision.step().name(),
        decision.decision().word(),
        reason(decision),
        ended.status(),
        seconds,
        attempts,
        entry == null ? null : entry.run(),
        ended.metrics(),
        ended.outputs(),
        ended.gates(),
        rejection);
  }

  static StepReport failed(
      StepDecision decision, FailureRecord failure, int attempts, double seconds) {
    StepStatus status =
        failure.type() == ErrorType.CANCELLED ? StepStatus.CANCELLED : StepStatus.FAILED;
    return without(decision, reason(decision), status, seconds, attempts, failure);
  }

  /** A step that went on when its run was ended without it. */
  static StepReport leftBehind(RunContext run, StepDecision decision) {
    FailureRecord failure =
        new FailureRecord(
            run.id().value(),
            run.spec().name(),
            decision.step().name(),
            StepStatus.CANCELLED.word(),
            ErrorType.CANCELLED,
            "step "
                + decision.step().name()
                + " did not stop in time, and the run ended without it",
            1,
            false,
            new TreeMap<>());
    return without(decision, reason(decision), StepStatus.CANCELLED, 0, 1, failure);
  }

  private static StepReport without(
      StepDecision decision,
      String why,
      StepStatus status,
      double seconds,
      int attempts,
      @Nullable FailureRecord failure) {
    return new StepReport(
        decision.step().name(),
        decision.decision().word(),
        why,
        status,
        seconds,
        attempts,
        null,
        StepRunner.none(),
        List.of(),
        List.of(),
        failure);
  }

  private static String reason(StepDecision decision) {
    return decision.stale() == null
        ? decision.reason().text()
        : decision.reason().text() + "; " + decision.stale();
  }
}
