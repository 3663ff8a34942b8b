package io.mlpipeline.run;

import io.mlpipeline.model.ErrorCategory;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.plan.Reason;
import io.mlpipeline.plan.StepDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the partitions of a step in chunks, some beside each other, and goes on where one fails:
 * its halves are tried alone, until it is known which partitions fail. What succeeds is published.
 */
final class PartitionChunks {

  /** After so many failures of one step nobody looks any more for the partitions to blame. */
  private static final int PATIENCE = 20;

  private final StepAttempts attempts;
  private final RunContext run;
  private final Watch watch;
  private final RunOptions options;
  private final PartitionTurns turns = new PartitionTurns();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final SortedSet<String> failed = new TreeSet<>();
  private @Nullable StepReport firstFailed;

  PartitionChunks(StepAttempts attempts, RunContext run, Watch watch, RunOptions options) {
    this.attempts = attempts;
    this.run = run;
    this.watch = watch;
    this.options = options;
  }

  /** Never throws: whatever goes wrong is in the report. */
  StepAttempts.Done perform(StepDecision decision, Ancestry ancestry, DoubleSupplier seconds) {
    PartitionWork work = Objects.requireNonNull(decision.partitions());
    ExecutorService pool = Executors.newFixedThreadPool(options.parallel());
    try {
      for (PartitionWork chunk : chunks(work, decision)) {
        pool.execute(() -> make(chunk, decision, ancestry));
      }
    } finally {
      pool.shutdown();
      await(pool);
    }
    return done(decision, work, seconds.getAsDouble());
  }

  private List<PartitionWork> chunks(PartitionWork work, StepDecision decision) {
    List<String> asked = List.copyOf(work.asked());
    List<PartitionWork> chunks = new ArrayList<>();
    for (int from = 0; from < Math.max(1, asked.size()); from += options.chunk()) {
      int to = Math.min(asked.size(), from + options.chunk());
      chunks.add(work.only(new TreeSet<>(asked.subList(from, to)), decision.step()));
    }
    return chunks;
  }

  /** A chunk, or, where it fails, each of its halves. */
  private void make(PartitionWork chunk, StepDecision decision, Ancestry ancestry) {
    if (watch.isCancelled()) {
      return;
    }
    StepDecision part = of(decision, chunk);
    StepAttempts.Done done =
        attempts.perform(attempts.begin(part, ancestry, turns), numbers::incrementAndGet);
    FailureRecord failure = done.report().failure();
    if (failure == null) {
      run.listener().partitionsEnded(decision.step().name(), chunk.asked(), null);
      return;
    }
    boolean isDividable = chunk.asked().size() > 1 && failures.incrementAndGet() <= PATIENCE;
    if (isDividable && failure.type().category() != ErrorCategory.CANCELLED) {
      List<String> asked = List.copyOf(chunk.asked());
      int middle = asked.size() / 2;
      make(half(chunk, asked.subList(0, middle), decision), decision, ancestry);
      make(half(chunk, asked.subList(middle, asked.size()), decision), decision, ancestry);
    } else {
      note(done.report(), chunk.asked());
      run.listener().partitionsEnded(decision.step().name(), chunk.asked(), failure);
    }
  }

  private static PartitionWork half(PartitionWork chunk, List<String> some, StepDecision decision) {
    return chunk.only(new TreeSet<>(some), decision.step());
  }

  private synchronized void note(StepReport report, SortedSet<String> partitions) {
    failed.addAll(partitions);
    firstFailed = firstFailed == null ? report : firstFailed;
  }

  private static StepDecision of(StepDecision decision, PartitionWork chunk) {
    Reason why = decision.reason();
    String text = shown(chunk.asked()) + " of " + why.text();
    return decision.making(chunk, new Reason(why.kind(), text, List.of()));
  }

  private static String shown(SortedSet<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String first = PartitionNames.shown(names.first());
    return names.size() == 1
        ? first
        : first + " to " + PartitionNames.shown(names.last()) + " (" + names.size() + ")";
  }

  private StepAttempts.Done done(StepDecision decision, PartitionWork work, double seconds) {
    StepRunner.Ended last = turns.last();
    OutputVersion base = work.base();
    List<OutputVersion> outputs =
        last != null ? last.outputs() : base == null ? List.of() : List.of(base);
    FailureRecord failure = failure(decision, work);
    StepStatus status = last == null ? StepStatus.UNCHANGED : last.status();
    if (failure != null) {
      status = StepStatus.FAILED;
    } else if (watch.isCancelled()) {
      status = StepStatus.CANCELLED;
    }
    StepReport report =
        new StepReport(
            decision.step().name(),
            decision.decision().word(),
            decision.reason().text(),
            status,
            seconds,
            numbers.get(),
            null,
            last == null ? StepRunner.none() : last.metrics(),
            outputs,
            last == null ? List.of() : last.gates(),
            failure);
    return new StepAttempts.Done(report, last == null ? List.of() : last.recorded());
  }

  private synchronized @Nullable FailureRecord failure(StepDecision decision, PartitionWork work) {
    StepReport report = firstFailed;
    FailureRecord first = report == null ? null : report.failure();
    return first == null
        ? null
        : new FailureRecord(
            first.runId(),
            first.pipeline(),
            decision.step().name(),
            first.status(),
            first.type(),
            failed.size()
                + " of "
                + work.asked().size()
                + " partitions failed: "
                + shown(failed)
                + "; the others are published. The first: "
                + first.message(),
            numbers.get(),
            first.retryable(),
            first.diagnostics());
  }

  private static void await(ExecutorService pool) {
    try {
      boolean ended = false;
      while (!ended) { // attempts have limits of their own
        ended = pool.awaitTermination(1, TimeUnit.HOURS);
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
