package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.InvalidConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: parses, calls one command, turns what it throws into words. */
@Command(
    name = "mlpipeline",
    description = "Runs machine-learning pipelines on Spark: only what changed, checked first.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 internal error, 2 bad usage or config, 3 step failed for good,",
      "4 step failed and a retry may help, 5 a gate rejected, 6 waiting for approval,",
      "7 another run or writer holds it, 8 environment, 9 outcome of a publish unknown,",
      "130 cancelled.",
      "",
      "Example: mlpipeline run conf/pipelines/churn.conf --set params.window-days=60"
    })
final class Cli implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private Cli() {}

  /** Runs one command and returns its exit code; never throws, never exits. */
  static int execute(Shell shell, String... args) {
    CommandLine line = new CommandLine(new Cli(), new Commands(shell));
    CommandTree.add(line, args);
    line.setOut(shell.out())
        .setErr(shell.err())
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(false)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                shell.terminal().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setExecutionStrategy(
            parsed -> {
              SampleNote.tell(shell, parsed);
              return new CommandLine.RunLast().execute(parsed);
            })
        .setParameterExceptionHandler(Cli::misused)
        .setExecutionExceptionHandler((e, at, parsed) -> failed(shell, e, parsed));
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine at = e.getCommandLine();
    at.getErr().println("mlpipeline: " + e.getMessage());
    if (e instanceof UnmatchedArgumentException unknown
        && unknown.getUnmatched().stream().anyMatch(word -> word.startsWith("--partition"))) {
      at.getErr().println("mlpipeline backfill makes some partitions: --from and --to name them");
    } else {
      UnmatchedArgumentException.printSuggestions(e, at.getErr());
    }
    at.getErr().println("Try '" + at.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static int failed(Shell shell, Exception e, ParseResult parsed) {
    if (e instanceof HandOver) {
      return ExitCode.HAND_OVER;
    }
    if (e instanceof InterruptedException) {
      return io.mlpipeline.model.ErrorCategory.CANCELLED.exitCode();
    }
    Messages messages = new Messages(shell);
    if (CommonOptions.isJson(parsed) && e instanceof EngineException known) {
      messages.json(known);
    }
    if (e instanceof InvalidConfigException invalid) {
      messages.problems(invalid.problems());
      return ExitCode.USAGE;
    }
    if (CommonOptions.isVerbose(parsed)) {
      e.printStackTrace(shell.err());
    }
    if (e instanceof EngineException known) {
      messages.error(known);
      return known.type().category().exitCode();
    }
    messages.bug(e);
    return ExitCode.INTERNAL;
  }
}
