package io.mlpipeline.cli;

import io.mlpipeline.LiveRuns;
import io.mlpipeline.Planning;
import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.ReceiptJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.LineageEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a lost run by hand. */
@Command(
    name = "abandon",
    description = {
      "Ends a run by hand that died without saying so: its lease is over, nobody resumes it, and",
      "lineage says who did that and why. A run that lives is refused."
    },
    footer = {
      "",
      "Example: mlpipeline runs abandon r20240601-020000-1f3a9c --reason 'its host was scrapped'"
    })
final class RunsAbandonCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "RUN", description = "A run's id.")
  @SuppressWarnings("NullAway.Init")
  private String run;

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
  @SuppressWarnings("NullAway.Init")
  private String reason;

  @Mixin private CommonOptions common = new CommonOptions();

  RunsAbandonCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (reason.isBlank()) {
      throw EngineException.misused(
          "--reason is empty", "say in a few words why nobody will continue this run");
    }
    LineageEvent event =
        LiveRuns.of(Warehouse.open(common.warehouse, shell.workingDirectory()))
            .abandon(run, reason.strip(), Planning.user(), RunView.of(shell, common));
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out -> out.number("format", 1).array("events", List.of(event), ReceiptJson::event));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      shell
          .out()
          .println(
              Messages.clean("run " + run + " of " + event.pipeline() + ": " + event.reason()));
    }
    return ExitCode.DONE;
  }
}
