package io.mlpipeline.cli;

import io.mlpipeline.Resumption;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Continues a run that did not come to its end. */
@Command(
    name = "resume",
    description = {
      "Continues a run that failed, was cancelled or is lost: from the inputs that it had pinned,",
      "its configuration and params, with the code of now. What it made is kept. (`run` would pin",
      "the inputs anew.)"
    },
    footer = {
      "",
      "Example: mlpipeline resume r20240601-020000-1f3a9c",
      "         mlpipeline resume r20240601-020000-1f3a9c --dry-run"
    })
final class ResumeCommand implements Callable<Integer> {

  private static final String SUFFIX = ".conf";

  private final Shell shell;

  @Parameters(
      arity = "1..2",
      paramLabel = "[PIPELINE] RUN",
      hideParamSyntax = true,
      description = "The run, as `runs list` names it; the pipeline before it is checked.")
  private List<String> names = new ArrayList<>();

  @Mixin private CommonOptions common = new CommonOptions();

  @Mixin private HowOptions how = new HowOptions();

  @Option(
      names = "--dry-run",
      description = "Says what would be kept and what would run, and does nothing.")
  private boolean dryRun;

  ResumeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    how.check();
    RunListener listener = RunView.of(shell, common);
    if (dryRun) {
      new ResumeView(common).print(open(listener), shell.out());
      return ExitCode.DONE;
    }
    if (HandOver.isLight()) {
      open(listener); // whatever cannot be resumed is told without Spark
      throw new HandOver();
    }
    try (Driver driver = new Driver(shell, common, how.parallel())) {
      Resumption resumption = open(listener);
      if (!common.quiet && !common.json()) {
        new ResumeView(common).print(resumption, shell.err());
      }
      RunReport report =
          driver.run(
              resumption.planning(),
              resumption.request(),
              how.runOptions(),
              Waiting.NONE,
              listener);
      return RunCommand.print(shell, common, report);
    }
  }

  private Resumption open(RunListener listener) throws InterruptedException {
    if (!common.settings.isEmpty()) {
      throw EngineException.misused(
          "a run is resumed with the settings that it had, so --set has no place here",
          "mlpipeline run takes --set, and pins the inputs of now");
    }
    String run = names.get(names.size() - 1);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    if (names.size() > 1) {
      requirePipeline(warehouse, names.get(0), run);
    }
    return Resumption.of(warehouse, run, shell.environment(), listener);
  }

  /** A pipeline's name, or its file. */
  private static void requirePipeline(Warehouse warehouse, String typed, String run) {
    String file = String.valueOf(Path.of(typed).getFileName());
    String name = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
    warehouse.ledger().run(run).stream()
        .filter(event -> !event.pipeline().equals(name))
        .findFirst()
        .ifPresent(
            event -> {
              throw EngineException.misused(
                  "run " + run + " is one of pipeline " + event.pipeline() + ", not of " + typed,
                  "mlpipeline runs list " + Messages.clean(name) + " names those of " + name);
            });
  }
}
