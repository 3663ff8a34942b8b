package io.mlpipeline.bench;

import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts what became of the steps after each edit, and says it by kind of edit. */
final class EditsTally {

  /** How a plan says which of a step's partitions it makes. */
  private static final Pattern PARTITIONS = Pattern.compile("^(\\d+) of (\\d+) partitions?\\b");

  private static final Set<Edits.Kind> MUST_COMPUTE_NOTHING =
      Set.of(Edits.Kind.LAYOUT, Edits.Kind.GATE);

  private final Map<Edits.Kind, Counts> byKind = new EnumMap<>(Edits.Kind.class);
  private final Counts all = new Counts();
  private final List<String> needless = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  /** Sums of one kind of edit, or of all. */
  private static final class Counts {
    private int edits;
    private int steps;
    private int computed;
    private int toTheSame;
    private int judged;
    private int cutOff;
    private int naive;
    private double parts;
    private double seconds;
    private double fullSeconds;
    private double naiveSeconds;
  }

  /**
   * What was measured of one edit.
   *
   * @param edit the edit
   * @param report the run after it
   * @param seconds how long planning and running took
   * @param naive the steps that a naive key would have run
   */
  record Measured(Edits.Edit edit, RunReport report, double seconds, Set<String> naive) {}

  /**
   * Counts some edits.
   *
   * @param full a run of everything in an empty warehouse, as fast as this machine is now
   * @param fullSeconds how long planning and running it took
   */
  void add(List<Measured> edits, PipelineSpec spec, RunReport full, double fullSeconds) {
    double stepSeconds = full.steps().stream().mapToDouble(StepReport::seconds).sum();
    for (Measured measured : edits) {
      double share =
          full.steps().stream()
                  .filter(s -> measured.naive().contains(s.name()))
                  .mapToDouble(StepReport::seconds)
                  .sum()
              / stepSeconds;
      Counts one = count(measured, spec);
      one.fullSeconds = fullSeconds;
      one.naiveSeconds = share * fullSeconds;
      add(one, byKind.computeIfAbsent(measured.edit().kind(), kind -> new Counts()));
      add(one, all);
      lines.add(line(measured, one));
    }
  }

  private Counts count(Measured measured, PipelineSpec spec) {
    Counts one = new Counts();
    one.edits = 1;
    one.naive = measured.naive().size();
    one.seconds = measured.seconds();
    Set<String> touched = new HashSet<>();
    for (StepReport step : measured.report().steps()) {
      one.steps++;
      StepSpec said = spec.step(step.name()).orElseThrow();
      boolean isBelow = NaiveKeys.above(said, spec).stream().anyMatch(touched::contains);
      boolean isComputed = step.decision().equals("execute");
      if (isComputed) {
        one.computed++;
        one.toTheSame += step.status().word().equals("unchanged") ? 1 : 0;
        one.parts += said.isByPartition() ? share(step.reason()) : 1;
        mustNot(measured.edit(), step);
      } else if (step.decision().equals("reaudit")) {
        one.judged++;
      } else if (isBelow) {
        one.cutOff++;
      }
      if (isComputed || isBelow) {
        touched.add(step.name());
      }
    }
    return one;
  }

  private void mustNot(Edits.Edit edit, StepReport step) {
    boolean isSame = edit.kind() == Edits.Kind.SAME_CONTENT && !edit.forced().equals(step.name());
    if (isSame || MUST_COMPUTE_NOTHING.contains(edit.kind())) {
      needless.add("edit " + edit + " computed " + step.name() + ": " + step.reason());
    }
  }

  /** Which part of a step's partitions is made. */
  private static double share(String reason) {
    Matcher matcher = PARTITIONS.matcher(reason);
    return matcher.find()
        ? Double.parseDouble(matcher.group(1)) / Double.parseDouble(matcher.group(2))
        : reason.startsWith("removes ") ? 0 : 1;
  }

  private static void add(Counts one, Counts to) {
    to.edits += one.edits;
    to.steps += one.steps;
    to.computed += one.computed;
    to.toTheSame += one.toTheSame;
    to.judged += one.judged;
    to.cutOff += one.cutOff;
    to.naive += one.naive;
    to.parts += one.parts;
    to.seconds += one.seconds;
    to.fullSeconds += one.fullSeconds;
    to.naiveSeconds += one.naiveSeconds;
  }

  /** Computations after edits that can change no row. */
  List<String> needless() {
    return needless;
  }

  /** A line for each edit. */
  List<String> lines() {
    return lines;
  }

  private static String line(Measured measured, Counts one) {
    List<String> steps = new ArrayList<>();
    for (StepReport step : measured.report().steps()) {
      if (step.decision().equals("execute") || step.decision().equals("reaudit")) {
        steps.add(step.name() + " " + step.status().word() + " (" + step.reason() + ")");
      }
    }
    return String.format(
        Locale.ROOT,
        "%s: %.2f s of %.2f, naive %d steps; %s",
        measured.edit(),
        one.seconds,
        one.fullSeconds,
        one.naive,
        steps);
  }

  /** The table, by kind and in all; shares in percent. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        "  kind          edits  computed (to the same)  judged  cut off | reused %  by partition %"
            + "  saved s %  | naive reused %  saved s %\n");
    byKind.forEach((kind, counts) -> text.append(row(kind.word(), counts)));
    return text.append(row("all", all)).toString();
  }

  private static String row(String name, Counts counts) {
    return String.format(
        Locale.ROOT,
        "  %-13s %5d  %8d %13d  %6d  %7d | %8.1f  %14.1f  %9.1f  | %14.1f  %9.1f%n",
        name,
        counts.edits,
        counts.computed,
        counts.toTheSame,
        counts.judged,
        counts.cutOff,
        100 - 100.0 * counts.computed / counts.steps,
        100 - 100.0 * counts.parts / counts.steps,
        100 - 100.0 * counts.seconds / counts.fullSeconds,
        100 - 100.0 * counts.naive / counts.steps,
        100 - 100.0 * counts.naiveSeconds / counts.fullSeconds);
  }
}
