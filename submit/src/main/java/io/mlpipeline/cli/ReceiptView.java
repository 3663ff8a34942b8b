package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** A receipt for people. */
final class ReceiptView {

  /** The status of the event that a human waived a rule. */
  static final String WAIVED = "waived";

  private static final int MOST_FILES = 20;

  private final PrintWriter out;
  private final Shell shell;
  private final Warehouse warehouse;

  ReceiptView(Shell shell, Warehouse warehouse) {
    this.shell = shell;
    this.out = shell.out();
    this.warehouse = warehouse;
  }

  void print(List<LineageEvent> events) {
    boolean ended =
        events.stream().anyMatch(e -> e.kind() == LineageEvent.Kind.RUN && !isRunning(e));
    for (LineageEvent event : events) {
      switch (event.kind()) {
        case RUN -> {
          if (!ended || !isRunning(event)) { // how it ended says that it began
            run(event);
          }
        }
        case ATTEMPT, REUSE -> step(event);
        case GATE -> {
          // what gates said is part of the attempt above; what came of it later is not
          if (event.status().equals(WAIVED)) {
            event.gates().forEach(gate -> gate.outcomes().forEach(o -> waived(gate.dataset(), o)));
          } else {
            replay(event);
          }
        }
        case MODEL -> {
          // part of its attempt above
        }
      }
    }
  }

  private static boolean isRunning(LineageEvent event) {
    return event.status().equals("running");
  }

  /** Why a run that ended without saying so is said to have ended. */
  private static String why(LineageEvent event) {
    return event.reason() == null ? "" : " (" + Messages.clean(event.reason()) + ")";
  }

  private void run(LineageEvent event) {
    out.println(
        event.pipeline()
            + " ("
            + event.environment()
            + ") run "
            + event.runId()
            + ": "
            + event.status()
            + why(event)
            + ", "
            + Words.time(event.started())
            + " UTC");
    if (!isRunning(event)) {
      event.facts().forEach((k, v) -> out.println("  " + k + ": " + Messages.clean(v)));
    }
  }

  private void step(LineageEvent event) {
    out.println();
    out.println(
        shell.terminal().strong(String.valueOf(event.step()))
            + ": "
            + event.status()
            + (event.attempt() > 1 ? ", attempt " + event.attempt() : "")
            + (event.reason() == null ? "" : ", " + Messages.clean(event.reason())));
    if (event.fingerprint() != null) {
      out.println("  fingerprint  " + event.fingerprint());
    }
    for (LineageInput input : event.inputs()) {
      String version = input.version() >= 0 ? "@v" + input.version() : "";
      out.println("  read         " + input.uri() + version + "  " + input.identity());
    }
    for (OutputVersion output : event.outputs()) {
      out.println(
          "  published    " + output.uri() + " " + Words.version(output) + "  " + output.digest());
    }
    event
        .metrics()
        .forEach(
            (k, v) ->
                out.println("  metric       " + k + " = " + String.format(Locale.ROOT, "%s", v)));
    event.gates().forEach(this::gate);
    if (event.failure() != null) {
      out.println("  failure      " + event.failure().type().code());
      out.println("               " + Messages.clean(event.failure().message()));
    }
    kept(event);
  }

  private void waived(String dataset, RuleOutcome outcome) {
    out.println();
    out.println(
        dataset + ": " + outcome.rule().text() + Messages.clean(Words.waiver(outcome.waiver())));
  }

  /** A gate is part of its attempt above, unless it judged the rows of a quarantine again. */
  private void replay(LineageEvent event) {
    if ("replay".equals(event.facts().get("decision"))) {
      step(event);
      out.println("  by           " + Messages.clean(event.facts().getOrDefault("user", "")));
    }
  }

  private void gate(GateReport gate) {
    for (RuleOutcome outcome : gate.outcomes()) {
      String word =
          outcome.passed() ? "holds" : outcome.rule().severity().name().toLowerCase(Locale.ROOT);
      out.println(
          "  gate         "
              + String.format("%-6s", word)
              + " "
              + gate.dataset()
              + ": "
              + outcome.rule().text()
              + (outcome.message() == null ? "" : "  -> " + Messages.clean(outcome.message()))
              + Messages.clean(Words.waiver(outcome.waiver())));
    }
    Words.quarantine(gate).ifPresent(line -> out.println("  apart        " + line));
  }

  /** The files that a gate rejected, so that somebody can look at them. */
  private void kept(LineageEvent event) {
    if (!event.status().equals("rejected") || event.fingerprint() == null || event.step() == null) {
      return;
    }
    warehouse
        .reuse()
        .find(event.pipeline(), event.step(), event.fingerprint())
        .filter(entry -> entry.verdict() == Verdict.REJECT)
        .ifPresent(this::files);
  }

  private void files(ReuseEntry entry) {
    for (StagedTable table : entry.rejected()) {
      out.println(
          "  kept         "
              + Words.count(table.rows())
              + " rows of "
              + table.name()
              + ", rejected:");
      for (DataFile file : table.files().stream().limit(MOST_FILES).toList()) {
        out.println("               " + warehouse.uri() + "/" + table.uri() + "/" + file.path());
      }
    }
  }
}
