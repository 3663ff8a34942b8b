package io.mlpipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about gates outside of a run. */
@Command(
    name = "gates",
    description = "Tries gates on data that is there, and proposes them from it.",
    subcommands = {GatesTestCommand.class, GatesSuggestCommand.class},
    footer = {
      "",
      "Example: mlpipeline gates suggest churn/features",
      "         mlpipeline gates test churn/features@v3 --rules rules.conf"
    })
final class GatesCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("UnusedVariable") // for the help
  private CommonOptions common = new CommonOptions();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what about gates? A command is missing");
  }
}
