package io.mlpipeline.run;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RuntimeChange;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.plan.Decision;
import io.mlpipeline.plan.StepDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Makes attempts at one step until it ends, by the failure record and nothing else. */
final class StepAttempts {

  private final Backend backend;
  private final RunContext run;
  private final LineageWriter lineage;
  private final Watch watch;
  private final StepRunner steps;
  private final Failures failures;
  private final RunOptions options;

  StepAttempts(
      Backend backend, RunContext run, LineageWriter lineage, Watch watch, RunOptions options) {
    this.backend = backend;
    this.run = run;
    this.lineage = lineage;
    this.watch = watch;
    this.steps = new StepRunner(backend, run, watch);
    this.failures = new Failures(backend.failures(), run);
    this.options = options;
  }

  /**
   * How a step ended.
   *
   * @param report what became of it
   * @param recorded the entries that were added
   */
  record Done(StepReport report, List<ReuseEntry> recorded) {}

  Done perform(StepDecision decision, Ancestry ancestry) {
    Instant started = backend.clock().instant();
    try {
      return perform(decision, ancestry, started);
    } catch (Throwable thrown) {
      return died(decision, thrown, started);
    }
  }

  private Done perform(StepDecision decision, Ancestry ancestry, Instant started) {
    String step = decision.step().name();
    Thread.currentThread().setContextClassLoader(backend.steps()); // Spark looks for closures there
    run.listener().stepStarted(step, decision.decision().word(), decision.reason().text());
    if (options.chunk() > 0 && decision.partitions() != null) {
      return new PartitionChunks(this, run, watch, options)
          .perform(decision, ancestry, () -> since(started));
    }
    Going going = new Going(decision, ancestry, started, new PartitionTurns());
    return perform(going, new AtomicInteger()::incrementAndGet);
  }

  /**
   * Attempts that go on.
   *
   * @param turns in which order attempts at parts of a step publish
   */
  record Going(StepDecision decision, Ancestry ancestry, Instant started, PartitionTurns turns) {}

  /** Attempts at a part of a step that begin now. */
  Going begin(StepDecision decision, Ancestry ancestry, PartitionTurns turns) {
    return new Going(decision, ancestry, backend.clock().instant(), turns);
  }

  /**
   * Makes attempts until one ends. Never throws either.
   *
   * @param numbers gives each attempt its number
   */
  Done perform(Going going, IntSupplier numbers) {
    try {
      return attempts(going, numbers);
    } catch (Throwable thrown) {
      return died(going.decision(), thrown, going.started());
    }
  }

  private Done attempts(Going going, IntSupplier numbers) {
    Thread.currentThread().setContextClassLoader(backend.steps());
    StepDecision decision = going.decision();
    StepDecision next = decision;
    for (int attempt = 1; ; attempt++) {
      Done done = attempt(next, going, numbers.getAsInt());
      FailureRecord failure = done.report().failure();
      if (failure == null || !again(decision, failure, attempt)) {
        return done;
      }
      if (!done.recorded().isEmpty()) {
        next = judging(next, done.recorded().get(0));
      }
      if (failure.type().isOfMemory()) {
        next = withLessMemory(next);
      }
    }
  }

  /**
   * What was thrown beside an attempt: by who listens, or by a JVM that is out of memory. Somebody
   * waits for the end of each step, so this is on record as far as it can be put there.
   */
  private Done died(StepDecision decision, Throwable thrown, Instant started) {
    FailureRecord failure =
        failures.unreadable(decision.step().name(), 1, thrown, ErrorType.INTERNAL_ERROR);
    StepReport report = Reports.failed(decision, failure, 1, since(started));
    return receipt(decision, report, List.of(), started);
  }

  private Done attempt(StepDecision decision, Going going, int attempt) {
    Instant started = going.started();
    Instant begun = backend.clock().instant();
    try {
      StepRunner.Ended ended = work(decision, going, attempt);
      StepReport report =
          Reports.ended(
              decision, ended, attempt, since(started), rejection(decision, ended, attempt));
      return receipt(decision, report, ended.recorded(), begun);
    } catch (UndeliveredException e) {
      FailureRecord failure = failures.thrown(decision.step().name(), attempt, e);
      StepReport report = Reports.failed(decision, failure, attempt, since(started));
      return receipt(decision, report, List.of(e.entry()), begun);
    } catch (Throwable thrown) {
      FailureRecord failure =
          failures
              .thrown(decision.step().name(), attempt, thrown)
              .with(LineageWriter.changes(decision));
      Details.LOG.debug("step {} failed", decision.step().name(), thrown);
      StepReport report = Reports.failed(decision, failure, attempt, since(started));
      return receipt(decision, report, List.of(), begun);
    }
  }

  /** The next attempt is to need less memory; neither key of the decision knows of that. */
  private StepDecision withLessMemory(StepDecision decision) {
    StepSpec step = decision.step();
    StepSpec next = step.withRuntime(step.runtime().afterMemoryRanOut());
    if (!next.runtime().changes().isEmpty()) {
      run.listener()
          .stepNoted(step.name(), "memory ran out, so the next attempt has " + changes(next));
    }
    return decision.withStep(next);
  }

  private static String changes(StepSpec step) {
    return String.join(
        ", ", step.runtime().changes().stream().map(RuntimeChange::toString).toList());
  }

  /** What is published already is judged and delivered, and not computed again. */
  private static StepDecision judging(StepDecision decision, ReuseEntry entry) {
    return new StepDecision(
        decision.step(),
        Decision.REAUDIT,
        decision.reason(),
        decision.inputs(),
        decision.fingerprint(),
        decision.verdictKey(),
        entry,
        List.of(),
        decision.stale(),
        null);
  }

  private StepRunner.Ended work(StepDecision decision, Going going, int attempt) throws Exception {
    return switch (decision.decision()) {
      case EXECUTE -> steps.execute(decision, going.ancestry(), attempt, going.turns());
      case REAUDIT -> steps.reaudit(decision, going.ancestry(), attempt);
      case REUSE -> steps.restore(decision);
      case AWAIT, BLOCKED, SKIP ->
          throw new IllegalStateException("a " + decision.decision() + " is not carried out");
    };
  }

  private @org.jspecify.annotations.Nullable FailureRecord rejection(
      StepDecision decision, StepRunner.Ended ended, int attempt) {
    return ended.status() == StepStatus.REJECTED
        ? failures.rejected(decision.step().name(), attempt, ended.gates())
        : null;
  }

  /** A receipt that cannot be written fails the attempt: what is not on record did not happen. */
  private Done receipt(
      StepDecision decision, StepReport report, List<ReuseEntry> recorded, Instant begun) {
    LineageEvent.Kind kind =
        decision.decision() == Decision.REUSE ? LineageEvent.Kind.REUSE : LineageEvent.Kind.ATTEMPT;
    try {
      lineage.write(lineage.events(kind, decision, report, begun, backend.clock().instant()));
      return new Done(report, recorded);
    } catch (Throwable e) {
      FailureRecord failure = failures.thrown(decision.step().name(), report.attempts(), e);
      return new Done(
          Reports.failed(decision, failure, report.attempts(), report.seconds()), recorded);
    }
  }

  private boolean again(StepDecision decision, FailureRecord failure, int attempt) {
    boolean mayRetry = failure.retryable() && failure.type() != ErrorType.CANCELLED;
    if (!mayRetry || attempt > decision.step().runtime().retries() || watch.isCancelled()) {
      return false;
    }
    Duration pause = Retry.pause(decision.step().runtime(), attempt, run.id().value().hashCode());
    run.listener().stepRetries(decision.step().name(), failure, pause);
    try {
      backend.sleeper().sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !watch.isCancelled();
  }

  private double since(Instant started) {
    return Duration.between(started, backend.clock().instant()).toNanos() / 1e9;
  }

  /** Loaded only where something failed: the fast path has no logging. */
  private static final class Details {
    static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(StepAttempts.class);
  }
}
