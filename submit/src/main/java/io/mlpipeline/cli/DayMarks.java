package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.PartitionUse;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.plan.RunPlan;
import io.mlpipeline.plan.StepDecision;
import io.mlpipeline.port.RunListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is true of every day or hour of every step that makes its output by partition. */
final class DayMarks {

  /** What a day or an hour is, the most important last. */
  enum Mark {
    OK('.', "ok"),
    MISSING('-', "missing"),
    STALE('~', "stale"),
    RAN('+', "ran"),
    FAILED('x', "failed");

    final char sign;
    final String word;

    Mark(char sign, String word) {
      this.sign = sign;
      this.word = word;
    }
  }

  private final Planning planning;
  private final Map<String, SortedMap<PartitionTime, Mark>> steps = new LinkedHashMap<>();
  private final Map<String, SortedMap<String, FailureRecord>> failures = new LinkedHashMap<>();
  private final Map<String, SortedSet<String>> ran = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();

  DayMarks(Planning planning) {
    this.planning = planning;
  }

  /**
   * By day or hour, by step in the order of the graph; those of which nothing is known are not
   * there.
   */
  Map<String, SortedMap<PartitionTime, Mark>> steps() {
    return steps;
  }

  /** Why partitions of a step failed, by partition. */
  SortedMap<String, FailureRecord> failures(String step) {
    return failures.getOrDefault(step, new TreeMap<>());
  }

  /** What stands in the way of a step; null if nothing does. */
  @Nullable String note(String step) {
    return notes.get(step);
  }

  /** Notes what becomes of partitions, and tells somebody else. */
  RunListener beside(RunListener other) {
    return new Noting(other);
  }

  private synchronized void ended(
      String step, SortedSet<String> partitions, @Nullable FailureRecord failure) {
    if (failure == null) {
      ran.computeIfAbsent(step, s -> new TreeSet<>()).addAll(partitions);
      return;
    }
    SortedMap<String, FailureRecord> its = failures.computeIfAbsent(step, s -> new TreeMap<>());
    partitions.forEach(name -> its.put(name, failure));
  }

  /** What a plan of now says of the days and hours. */
  synchronized void add(RunPlan plan) {
    Map<String, SortedMap<PartitionTime, Mark>> made = new HashMap<>();
    for (StepDecision decision : plan.decisions()) {
      StepSpec step = decision.step();
      if (step.isByPartition()) {
        SortedMap<PartitionTime, Mark> its = times(marks(decision));
        expected(step, made).forEach(time -> its.putIfAbsent(time, Mark.MISSING));
        steps.put(step.name(), its);
        step.outputs().forEach(output -> made.put(output.name(), its));
      }
    }
  }

  /** What must follow from what is known above, whether that is there by now or not. */
  private static Set<PartitionTime> expected(
      StepSpec step, Map<String, SortedMap<PartitionTime, Mark>> made) {
    Set<PartitionTime> guided = new TreeSet<>();
    Set<PartitionTime> windows = new TreeSet<>();
    step.partitions()
        .forEach(
            (port, use) -> {
              SortedMap<PartitionTime, Mark> above =
                  made.getOrDefault(step.inputs().get(port), new TreeMap<>());
              boolean isHours = use.kind() == PartitionUse.Kind.HOURS;
              above.keySet().stream()
                  .map(time -> isHours ? PartitionTime.of(time.day()) : time)
                  .forEach((use.isGuiding() ? guided : windows)::add);
            });
    return step.partitions().values().stream().anyMatch(PartitionUse::isGuiding) ? guided : windows;
  }

  private SortedMap<String, Mark> marks(StepDecision decision) {
    String step = decision.step().name();
    SortedMap<String, Mark> marks = new TreeMap<>();
    Set<String> published = published(decision).partitions().keySet();
    published.forEach(name -> marks.put(name, Mark.OK));
    PartitionWork work = decision.partitions();
    if (work != null) {
      work.asked()
          .forEach(name -> marks.put(name, published.contains(name) ? Mark.STALE : Mark.MISSING));
    }
    ran.getOrDefault(step, new TreeSet<>()).forEach(name -> marks.put(name, Mark.RAN));
    failures(step).keySet().forEach(name -> marks.put(name, Mark.FAILED));
    switch (decision.decision()) {
      case BLOCKED, AWAIT -> notes.put(step, decision.reason().text());
      case EXECUTE, REAUDIT, REUSE, SKIP -> {}
    }
    return marks;
  }

  private PartitionSet published(StepDecision decision) {
    PartitionWork work = decision.partitions();
    if (work != null) {
      return work.kept();
    }
    ReuseEntry entry = decision.entry();
    if (entry == null) {
      entry =
          planning
              .warehouse()
              .reuse()
              .loadLast(planning.spec().name())
              .steps()
              .get(decision.step().name());
    }
    OutputVersion output =
        entry == null || entry.outputs().isEmpty() ? null : entry.outputs().get(0);
    String name = output == null ? null : output.partitions();
    return output == null || name == null
        ? PartitionSet.EMPTY
        : planning
            .warehouse()
            .reuse()
            .findPartitions(output.uri(), name)
            .orElse(PartitionSet.EMPTY);
  }

  private static SortedMap<PartitionTime, Mark> times(SortedMap<String, Mark> marks) {
    SortedMap<PartitionTime, Mark> times = new TreeMap<>();
    marks.forEach(
        (name, mark) -> PartitionNames.time(name).ifPresent(time -> times.put(time, mark)));
    return times;
  }

  /** Tells somebody else everything, and notes partitions. */
  private final class Noting implements RunListener {

    private final RunListener other;

    Noting(RunListener other) {
      this.other = other;
    }

    @Override
    public void partitionsEnded(
        String step, SortedSet<String> partitions, @Nullable FailureRecord failure) {
      ended(step, partitions, failure);
      other.partitionsEnded(step, partitions, failure);
    }

    @Override
    public void runWaits(String why) {
      other.runWaits(why);
    }

    @Override
    public void runStarted(String runId, String pipeline, int count) {
      other.runStarted(runId, pipeline, count);
    }

    @Override
    public void stepStarted(String step, String decision, String reason) {
      other.stepStarted(step, decision, reason);
    }

    @Override
    public void stepAt(String step, String phase) {
      other.stepAt(step, phase);
    }

    @Override
    public void stepNoted(String step, String text) {
      other.stepNoted(step, text);
    }

    @Override
    public void stepRetries(String step, FailureRecord failure, Duration pause) {
      other.stepRetries(step, failure, pause);
    }

    @Override
    public void stepEnded(StepReport report) {
      other.stepEnded(report);
    }
  }
}
