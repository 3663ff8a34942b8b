package io.mlpipeline.run;

import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.plan.Decision;
import io.mlpipeline.plan.History;
import io.mlpipeline.plan.RunPlan;
import io.mlpipeline.plan.StepDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a plan on events, never by polling: settles what needs no work, starts what is ready,
 * and asks the planner again when a step ends. For one run.
 */
public final class Runner implements Stoppable {

  private final Backend backend;
  private final RunContext run;
  private final RunOptions options;
  private final PlanResolver resolver;
  private final LineageWriter lineage;
  private final Watch watch = new Watch();

  /** Steps that ended; empty when nobody waits any longer for those that have not. */
  private final BlockingQueue<Optional<StepAttempts.Done>> ended = new LinkedBlockingQueue<>();

  private final Map<String, StepReport> reports = new LinkedHashMap<>();
  private final Set<String> running = new HashSet<>();
  private final List<LineageEvent> reused = new ArrayList<>();
  private final SortedMap<String, ReuseEntry> newest = new TreeMap<>();
  private @Nullable FailureRecord firstFailure;

  public Runner(Backend backend, RunContext run, RunOptions options, PlanResolver resolver) {
    this.backend = backend.sleeping(pause -> watch.sleep(backend.sleeper(), pause));
    this.run = run;
    this.options = options;
    this.resolver = resolver;
    this.lineage = new LineageWriter(backend.ledger(), run);
  }

  /**
   * Stops the run from any thread: running steps are cancelled, publishing ones end, and the run
   * ends with its last step.
   */
  @Override
  public void cancel() {
    watch.cancel();
  }

  /**
   * Stops the run likewise, and ends it without the steps that have not ended after a while: for a
   * process that exits then. Called again it changes nothing.
   */
  @Override
  public void cancelWithin(Duration patience) {
    if (!watch.isCancelled()) {
      watch.cancel();
      watch.after(patience, () -> ended.add(Optional.empty()));
    }
  }

  /** Whether the run ended while a step of it went on: it may still hold what the run held. */
  @Override
  public boolean isLeftBehind() {
    return !running.isEmpty();
  }

  /** Runs to the end and says what became of it; a failure is in the report, not thrown. */
  public RunReport run(PlanResolver.Resolved first) throws InterruptedException {
    Instant started = backend.clock().instant();
    RunPlan plan = first.plan();
    run.listener().runStarted(run.id().value(), run.spec().name(), plan.decisions().size());
    if (!plan.nothingToDo()) {
      lineage.begin(started);
    }
    ExecutorService pool = Executors.newFixedThreadPool(options.parallel());
    try {
      carryOut(first, pool);
    } finally {
      pool.shutdown();
      pool.awaitTermination(running.isEmpty() ? 60 : 0, TimeUnit.SECONDS);
      watch.close();
    }
    return finish(first, started);
  }

  private void carryOut(PlanResolver.Resolved first, ExecutorService pool)
      throws InterruptedException {
    StepAttempts attempts = new StepAttempts(backend, run, lineage, watch, options);
    PlanResolver.Resolved now = first;
    while (true) {
      now = new PlanResolver.Resolved(now.plan(), settle(now));
      start(now.plan(), pool, attempts, ancestry(now.history()));
      if (running.isEmpty()) {
        skipTheRest(now.plan());
        return;
      }
      Optional<StepAttempts.Done> next = ended.take();
      if (next.isEmpty()) {
        leaveBehind(now.plan());
        return;
      }
      StepAttempts.Done done = next.get();
      running.remove(done.report().name());
      end(done);
      now = resolver.resolve(now.history().with(done.report().name(), knowledge(done.report())));
    }
  }

  /** Ends every step that needs no work: reused, skipped, blocked. */
  private History settle(PlanResolver.Resolved now) {
    History history = now.history();
    for (StepDecision decision : now.plan().decisions()) {
      String step = decision.step().name();
      if (reports.containsKey(step) || running.contains(step)) {
        continue;
      }
      if (decision.decision() == Decision.REUSE && decision.restore().isEmpty()) {
        StepReport report = Reports.reused(decision);
        Instant at = backend.clock().instant();
        reused.addAll(lineage.events(LineageEvent.Kind.REUSE, decision, report, at, at));
        newest.put(step, java.util.Objects.requireNonNull(decision.entry()));
        report(report);
        history = history.with(step, knowledge(report));
      } else if (decision.decision() == Decision.SKIP) {
        report(Reports.skipped(decision, decision.reason().text()));
      } else if (decision.decision() == Decision.BLOCKED) {
        StepReport report = Reports.blocked(run, decision);
        failed(report);
        report(report);
        history = history.with(step, knowledge(report));
      }
    }
    return history;
  }

  /** Starts what is ready, what only judges or restores first: a gate is cheaper than a step. */
  private void start(RunPlan plan, ExecutorService pool, StepAttempts attempts, Ancestry above) {
    plan.decisions().stream()
        .filter(d -> !reports.containsKey(d.step().name()) && !running.contains(d.step().name()))
        .filter(d -> d.decision() != Decision.AWAIT)
        .sorted(Comparator.comparing(d -> d.decision() == Decision.EXECUTE))
        .forEach(
            decision -> {
              if (running.size() < options.parallel() && mayStart()) {
                running.add(decision.step().name());
                pool.execute(() -> ended.add(Optional.of(attempts.perform(decision, above))));
              }
            });
  }

  /** What is known before a step starts; entries of this run come before those of earlier ones. */
  private Ancestry ancestry(History history) {
    Map<String, ReuseEntry> entries = new HashMap<>(history.last().steps());
    entries.putAll(newest);
    return new Ancestry(run.spec(), entries, history.sources());
  }

  private boolean mayStart() {
    return !watch.isCancelled()
        && (firstFailure == null || options.onFailure() == RunOptions.OnFailure.KEEP_GOING);
  }

  private void end(StepAttempts.Done done) {
    failed(done.report());
    done.recorded().forEach(entry -> newest.put(entry.step(), entry));
    report(done.report());
  }

  /** Those that do not heed being cancelled are on record as cancelled; they publish nothing. */
  private void leaveBehind(RunPlan plan) {
    for (StepDecision decision : plan.decisions()) {
      if (running.contains(decision.step().name())) {
        report(Reports.leftBehind(run, decision));
      }
    }
    skipTheRest(plan);
  }

  private void skipTheRest(RunPlan plan) {
    for (StepDecision decision : plan.decisions()) {
      if (!reports.containsKey(decision.step().name())) {
        report(
            Reports.skipped(
                decision, watch.isCancelled() ? "the run was stopped" : "an earlier step failed"));
      }
    }
  }

  private void failed(StepReport report) {
    if (firstFailure == null && report.failure() != null) {
      firstFailure = report.failure();
    }
  }

  private void report(StepReport report) {
    reports.put(report.name(), report);
    run.listener().stepEnded(report);
  }

  private static History.Done knowledge(StepReport report) {
    boolean ok =
        switch (report.status()) {
          case SUCCEEDED, UNCHANGED, REUSED -> true;
          case REJECTED, FAILED, SKIPPED, CANCELLED ->
              !report.outputs().isEmpty(); // some partitions were published, others not
        };
    return new History.Done(ok, ok ? report.outputs() : List.of());
  }

  private RunReport finish(PlanResolver.Resolved first, Instant started) {
    saveLast(first.history().last());
    Instant now = backend.clock().instant();
    RunStatus status = status();
    String receipt = lineage.end(reused, status, firstFailure, started, now);
    List<StepReport> ordered =
        first.plan().decisions().stream().map(d -> reports.get(d.step().name())).toList();
    RunReport report =
        new RunReport(
            run.id(),
            run.spec().name(),
            run.spec().environment(),
            status,
            started,
            Duration.between(started, now).toNanos() / 1e9,
            ordered,
            firstFailure,
            run.warehouse(),
            receipt);
    run.listener().runEnded(report);
    return report;
  }

  private RunStatus status() {
    if (firstFailure != null && firstFailure.type() == ErrorType.LEASE_LOST) {
      return RunStatus.LOST;
    }
    if (watch.isCancelled()) {
      return RunStatus.CANCELLED;
    }
    if (firstFailure == null) {
      return RunStatus.SUCCEEDED;
    }
    return firstFailure.status().equals(StepStatus.REJECTED.word())
        ? RunStatus.REJECTED
        : RunStatus.FAILED;
  }

  /** The hint is written only if it says something new. */
  private void saveLast(LastState before) {
    SortedMap<String, ReuseEntry> steps = new TreeMap<>(before.steps());
    boolean news = false;
    for (Map.Entry<String, ReuseEntry> entry : newest.entrySet()) {
      ReuseEntry known = steps.get(entry.getKey());
      news |= known == null || !known.attempt().equals(entry.getValue().attempt());
      steps.merge(entry.getKey(), entry.getValue(), Runner::successFirst);
    }
    if (news) {
      backend.reuse().saveLast(new LastState(run.spec().name(), steps));
    }
  }

  /** A rejection never hides what was published before. */
  private static ReuseEntry successFirst(ReuseEntry before, ReuseEntry now) {
    return now.verdict() == Verdict.REJECT ? before : now;
  }
}
