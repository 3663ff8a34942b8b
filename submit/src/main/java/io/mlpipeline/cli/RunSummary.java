package io.mlpipeline.cli;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a run came to, on standard output. */
final class RunSummary {

  /** How the step {@code choose} says which model it took. */
  private static final String CHOSEN = "chosen.";

  private final Shell shell;

  RunSummary(Shell shell) {
    this.shell = shell;
  }

  void print(RunReport report) {
    headline(report);
    shell.out().println();
    steps(report);
    metrics(report);
    warnings(report);
    quarantines(report);
    shell.out().println();
    shell.out().println("tables   " + report.warehouse() + "/" + report.pipeline());
    shell.out().println("lineage  " + report.warehouse() + "/_ml/lineage");
    shell.out().println("receipt  mlpipeline runs show " + report.runId());
  }

  private void headline(RunReport report) {
    String status = report.status().word();
    String painted =
        report.status() == RunStatus.SUCCEEDED
            ? shell.terminal().good(status)
            : shell.terminal().bad(status);
    Set<String> sources = new LinkedHashSet<>();
    report.steps().stream()
        .filter(s -> s.status() == StepStatus.REUSED && s.reusedFrom() != null)
        .forEach(s -> sources.add(s.reusedFrom()));
    long reused = report.steps().stream().filter(s -> s.status() == StepStatus.REUSED).count();
    boolean all = reused == report.steps().size() && reused > 0;
    String what =
        all
            ? "everything was reused, from run " + String.join(", ", sources)
            : painted + " in " + String.format(Locale.ROOT, "%.1f s", report.seconds());
    shell
        .out()
        .println(
            shell.terminal().strong(report.pipeline())
                + " ("
                + report.environment()
                + ") run "
                + report.runId()
                + ": "
                + what);
  }

  private void steps(RunReport report) {
    TextTable table = new TextTable("step", "state", ">seconds", ">rows", "version", "reason");
    for (StepReport step : report.steps()) {
      List<OutputVersion> outputs = step.outputs();
      long rows = outputs.stream().mapToLong(OutputVersion::rows).sum();
      table.row(
          step.name(),
          step.status().word(),
          Words.seconds(step.seconds()),
          rows == 0 ? "" : Words.count(rows),
          outputs.stream().map(Words::version).distinct().collect(Collectors.joining(" ")),
          step.reason());
    }
    table.print(shell.out());
  }

  /** Metrics that are named {@code <thing>.<metric>}, as a table of things by metrics a step. */
  private void metrics(RunReport report) {
    for (StepReport step : report.steps()) {
      SortedMap<String, SortedMap<String, Double>> byThing = new TreeMap<>();
      Set<String> names = new TreeSet<>();
      for (Map.Entry<String, Double> metric : step.metrics().entrySet()) {
        int dot = metric.getKey().indexOf('.');
        boolean chosen = metric.getKey().startsWith(CHOSEN);
        if (dot > 0 && !chosen && metric.getKey().indexOf('[') < 0) {
          String name = metric.getKey().substring(dot + 1);
          names.add(name);
          byThing
              .computeIfAbsent(metric.getKey().substring(0, dot), k -> new TreeMap<>())
              .put(name, metric.getValue());
        }
      }
      if (!byThing.isEmpty()) {
        shell.out().println();
        print(step.name(), names, byThing);
      }
    }
    chosen(report);
  }

  /** The longer side goes down: a table of twenty measures beside each other fits no terminal. */
  private void print(
      String step, Set<String> names, SortedMap<String, SortedMap<String, Double>> byThing) {
    boolean measuresDown = names.size() > byThing.size();
    Set<String> down = measuresDown ? names : byThing.keySet();
    Set<String> across = measuresDown ? byThing.keySet() : names;
    TextTable table = new TextTable(cells(step, across.stream().map(head -> ">" + head)));
    for (String row : down) {
      table.row(
          cells(
              row,
              across.stream()
                  .map(
                      column ->
                          measuresDown ? value(byThing, column, row) : value(byThing, row, column))
                  .map(RunSummary::number)));
    }
    table.print(shell.out());
  }

  private static @Nullable Double value(
      SortedMap<String, SortedMap<String, Double>> byThing, String thing, String name) {
    return byThing.getOrDefault(thing, Collections.emptySortedMap()).get(name);
  }

  private static String[] cells(String first, Stream<String> rest) {
    return Stream.concat(Stream.of(first), rest).toArray(String[]::new);
  }

  private void chosen(RunReport report) {
    for (StepReport step : report.steps()) {
      step.metrics()
          .forEach(
              (metric, value) -> {
                if (metric.startsWith(CHOSEN) && value == 1) {
                  shell.out().println("chosen   " + metric.substring(CHOSEN.length()));
                }
              });
    }
  }

  private void warnings(RunReport report) {
    for (StepReport step : report.steps()) {
      for (GateReport gate : step.gates()) {
        for (RuleOutcome outcome : gate.outcomes()) {
          if (!outcome.passed() && step.failure() == null) {
            shell.out().println("warning  " + line(step.name(), outcome));
          } else if (outcome.passed() && outcome.message() != null) {
            shell.out().println("note     " + step.name() + ": " + outcome.message());
          }
        }
      }
    }
  }

  private static String line(String step, RuleOutcome outcome) {
    return Messages.clean(step + ": " + outcome.message() + Words.waiver(outcome.waiver()));
  }

  private void quarantines(RunReport report) {
    for (StepReport step : report.steps()) {
      step.gates().stream()
          .map(Words::quarantine)
          .flatMap(Optional::stream)
          .forEach(line -> shell.out().println("apart    " + step.name() + ": " + line));
    }
  }

  private static String number(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? Words.count(value.longValue()) : String.format(Locale.ROOT, "%.4f", value);
  }
}
