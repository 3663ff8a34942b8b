package io.mlpipeline.cli;

import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.port.RunListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The picture of a run on standard error: on a terminal one line that says what runs now, below a
 * line for each step that ended; elsewhere a plain line for each event.
 */
final class RunView implements RunListener {

  private static final String ERASE = "\r\u001b[K";

  private final Shell shell;
  private final CommonOptions common;
  private final Map<String, String> running = new LinkedHashMap<>();
  private int steps;
  private int done;

  RunView(Shell shell, CommonOptions common) {
    this.shell = shell;
    this.common = common;
  }

  /** The picture, or nothing where only results are wanted. */
  static RunListener of(Shell shell, CommonOptions common) {
    return common.json() || common.quiet ? new RunListener() {} : new RunView(shell, common);
  }

  @Override
  public synchronized void runWaits(String why) {
    line(why);
  }

  @Override
  public synchronized void runStarted(String runId, String pipeline, int count) {
    steps = count;
  }

  @Override
  public synchronized void stepStarted(String step, String decision, String reason) {
    running.put(step, decision.equals("execute") ? "starting" : decision);
    if (!shell.terminal().live()) {
      line(String.format("%-10s %s: %s", "start", step, reason));
    }
    redraw();
  }

  @Override
  public synchronized void stepAt(String step, String phase) {
    running.replace(step, phase);
    if (common.verbose && !shell.terminal().live()) {
      line(String.format("%-10s %s", phase, step));
    }
    redraw();
  }

  @Override
  public synchronized void stepNoted(String step, String text) {
    line(String.format("%-10s %s: %s", "noted", step, text));
  }

  @Override
  public synchronized void stepRetries(String step, FailureRecord failure, Duration pause) {
    line(
        String.format(
            "%-10s %s: attempt %d: %s; again in %s s",
            "retry", step, failure.attempt(), failure.message(), tenths(pause)));
  }

  private static String tenths(Duration pause) {
    return String.format(Locale.ROOT, "%.1f", pause.toMillis() / 1e3);
  }

  @Override
  public synchronized void partitionsEnded(
      String step, SortedSet<String> partitions, @Nullable FailureRecord failure) {
    if (!partitions.isEmpty()) {
      String first = PartitionNames.shown(partitions.first());
      String range =
          partitions.size() == 1
              ? first
              : first + " to " + PartitionNames.shown(partitions.last()) + ", " + partitions.size();
      line(String.format("%-10s %s: %s", failure == null ? "made" : "not made", step, range));
    }
  }

  @Override
  public synchronized void stepEnded(StepReport report) {
    running.remove(report.name());
    done++;
    if (report.status() != StepStatus.REUSED || common.verbose) {
      line(ended(report));
    }
    redraw();
  }

  @Override
  public synchronized void runEnded(RunReport report) {
    running.clear();
    if (shell.terminal().live()) {
      shell.err().print(ERASE);
      shell.err().flush();
    }
  }

  private String ended(StepReport report) {
    String what = report.outputs().stream().map(RunView::output).collect(Collectors.joining(", "));
    String seconds = report.seconds() > 0 ? Words.seconds(report.seconds()) + " s" : "";
    String rest =
        java.util.stream.Stream.of(seconds, what)
            .filter(s -> !s.isBlank())
            .collect(Collectors.joining(", "));
    return String.format(
        "%-10s %s%s", report.status().word(), report.name(), rest.isEmpty() ? "" : ": " + rest);
  }

  private static String output(OutputVersion output) {
    String rows = output.rows() > 0 ? " (" + Words.count(output.rows()) + " rows)" : "";
    return output.name() + " " + Words.version(output) + rows;
  }

  private void line(String text) {
    if (shell.terminal().live()) {
      shell.err().print(ERASE);
    }
    shell.err().println(Messages.clean(text).replace('\n', ' '));
  }

  private void redraw() {
    if (shell.terminal().live() && !running.isEmpty()) {
      String now =
          running.entrySet().stream()
              .map(e -> e.getKey() + " " + e.getValue())
              .collect(Collectors.joining(" | "));
      String text = "[" + done + "/" + steps + "] " + now;
      shell.err().print(ERASE + text.substring(0, Math.min(text.length(), 100)));
      shell.err().flush();
    }
  }
}
