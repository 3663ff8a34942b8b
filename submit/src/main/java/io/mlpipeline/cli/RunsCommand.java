package io.mlpipeline.cli;

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
    description = "Lists runs; `runs show RUN` prints a receipt.",
    subcommands = {RunsCommand.List_.class, RunsCommand.Show.class},
    footer = {"", "Example: mlpipeline runs list churn", "         mlpipeline runs show r20..."})
final class RunsCommand implements Runnable {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  RunsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void run() {
    list(shell, common, "", 20);
  }

  private static Warehouse open(Shell shell, CommonOptions common) {
    return Warehouse.open(common.warehouse, shell.workingDirectory());
  }

  private static void list(Shell shell, CommonOptions common, String pipeline, int limit) {
    List<LineageEvent> runs = open(shell, common).ledger().runs(pipeline, limit);
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(out -> out.number("format", 1).array("runs", runs, ReceiptJson::event));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
      return;
    }
    TextTable table = new TextTable("run", "pipeline", "env", "status", "started", ">seconds");
    for (LineageEvent run : runs) {
      double seconds = Duration.between(run.started(), run.ended()).toMillis() / 1e3;
      table.row(
          run.runId(),
          run.pipeline(),
          run.environment(),
          Liveness.status(run),
          Words.time(run.started()),
          Words.seconds(seconds));
    }
    if (table.isEmpty()) {
      shell.err().println("no runs in " + common.warehouse);
    } else {
      table.print(shell.out());
    }
  }

  /** Lists the newest runs. */
  @Command(
      name = "list",
      description = "Lists the newest runs.",
      footer = {"", "Example: mlpipeline runs list churn --limit 5"})
  static final class List_ implements Runnable {

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
    public void run() {
      list(shell, common, pipeline, limit);
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
    public Integer call() {
      Warehouse warehouse = open(shell, common);
      List<LineageEvent> events = warehouse.ledger().run(run);
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
