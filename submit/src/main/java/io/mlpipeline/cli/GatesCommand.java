package io.mlpipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What has to do with gates; its subcommands do the work. */
@Command(
    name = "gates",
    description = "Rules of pipelines: what they are, and what they measured.",
    subcommands = {GatesListCommand.class, GatesHistoryCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example: mlpipeline gates list churn",
      "         mlpipeline gates history churn/features Mean"
    })
final class GatesCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("UnusedVariable") // for the help, which is the same everywhere
  private CommonOptions common = new CommonOptions();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: list, history");
  }
}
