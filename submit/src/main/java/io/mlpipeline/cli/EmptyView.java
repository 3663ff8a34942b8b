package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.rehearse.EmptyReport;
import io.mlpipeline.rehearse.EmptyReport.State;
import java.nio.charset.StandardCharsets;

/** What a run without rows came to. */
final class EmptyView {

  private final Shell shell;

  EmptyView(Shell shell) {
    this.shell = shell;
  }

  void print(EmptyReport report) {
    long failed = count(report, State.FAILED);
    long left = count(report, State.LEFT_OUT);
    String what =
        failed == 0
            ? shell.terminal().good("it holds together")
            : shell.terminal().bad(failed + (failed == 1 ? " step fails" : " steps fail"));
    shell
        .out()
        .println(
            shell.terminal().strong(report.pipeline())
                + " without rows: "
                + what
                + ", in "
                + Words.seconds(report.seconds())
                + " s");
    shell.out().println();
    TextTable table = new TextTable("step", "state", "what");
    report
        .steps()
        .forEach(step -> table.row(step.name(), step.state().word(), Messages.clean(step.text())));
    table.print(shell.out());
    shell.out().println();
    shell
        .out()
        .println(
            "gates    "
                + report.rules()
                + " rules name columns that are there; without rows none was judged");
    if (left > 0) {
      shell
          .out()
          .println(
              "left out "
                  + left
                  + (left == 1 ? " step needs rows: its" : " steps need rows: their")
                  + " params, ports and columns were looked at, as far as they come before that");
    }
    shell.out().println("nothing was written, and no sink or tracking server was told");
  }

  void json(EmptyReport report) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .text("pipeline", report.pipeline())
                    .flag("ok", report.firstFailure() == null)
                    .number("rules", report.rules())
                    .array(
                        "steps",
                        report.steps(),
                        (o, step) ->
                            o.text("name", step.name())
                                .text("state", step.state().word())
                                .text("text", step.text())
                                .text(
                                    "error_type",
                                    step.failure() == null ? null : step.failure().type().name())));
    shell.out().print(new String(document, StandardCharsets.UTF_8));
  }

  private static long count(EmptyReport report, State state) {
    return report.steps().stream().filter(step -> step.state() == state).count();
  }
}
