package io.mlpipeline.cli;

import io.mlpipeline.LiveRuns;
import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.json.ReceiptJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.LineageEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists runs, and shows the receipt of one. */
@Command(
    name = "runs",
    description =
        "Lists runs; `runs show RUN` prints a receipt, `runs abandon RUN` ends a lost run.",
    subcommands = {RunsCommand.List_.class, RunsCommand.Show.class, RunsAbandonCommand.class},
    footer = {"", "Example: mlpipeline runs list churn", "         mlpipeline runs show r20..."})
final class RunsCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  RunsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    return list(shell, common, "", 20);
  }

  private static Warehouse open(Shell shell, CommonOptions common) {
    return Warehouse.open(common.warehouse, shell.workingDirectory());
  }

  private static int list(Shell shell, CommonOptions common, String pipeline, int limit)
      throws InterruptedException {
    List<LineageEvent> runs =
        LiveRuns.of(open(shell, common)).runs(pipeline, limit, RunView.of(shell, common));
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(out -> out.number("format", 1).array("runs", runs, ReceiptJson::event));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
      return ExitCode.DONE;
    }
    TextTable table = new TextTable("run", "pipeline", "env", "status", "started", ">seconds");
    for (LineageEvent run : runs) {
      double seconds = Duration.between(run.started(), run.ended()).toMillis() / 1e3;
      table.row(
          run.runId(),
          run.pipeline(),
          run.environment(),
          run.status(),
          Words.time(run.started()),
          Words.seconds(seconds));
    }
    if (table.isEmpty()) {
      shell.err().println("no runs in " + common.warehouse);
    } else {
      table.print(shell.out());
    }
    return ExitCode.DONE;
  }

  /** Lists the newest runs. */
  @Command(
      name = "list",
      description = "Lists the newest runs.",
      footer = {"", "Example: mlpipeline runs list churn --limit 5"})
  static final class List_ implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PIPELINE", defaultValue = "")
    private String pipeline = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "How many.")
    private int limit = 20;

    @Mixin private CommonOptions common = new CommonOptions();

    List_(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
      return list(shell, common, pipeline, limit);
    }
  }

  /** Prints one receipt. */
  @Command(
      name = "show",
      description = "Prints the receipt of a run: every step, input, output, gate and failure.",
      footer = {"", "Example: mlpipeline runs show r20240601-020000-1f3a9c"})
  static final class Show implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "RUN", description = "A run's id.")
    @SuppressWarnings("NullAway.Init")
    private String run;

    @Mixin private CommonOptions common = new CommonOptions();

    Show(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
      Warehouse warehouse = open(shell, common);
      List<LineageEvent> events = LiveRuns.of(warehouse).run(run, RunView.of(shell, common));
      if (events.isEmpty()) {
        throw EngineException.misused(
            "there is no run " + run + " in " + common.warehouse,
            "mlpipeline runs list names them");
      }
      if (common.json()) {
        byte[] document =
            JsonOut.pretty(
                out ->
                    out.number("format", 1)
                        .text("run_id", run)
                        .array("events", events, ReceiptJson::event));
        shell.out().print(new String(document, StandardCharsets.UTF_8));
      } else {
        new ReceiptView(shell, warehouse).print(events);
      }
      return ExitCode.DONE;
    }
  }
}
