package io.mlpipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about gates. */
@Command(
    name = "gates",
    description = "Waives failed rules, and says what is waived.",
    subcommands = {GatesWaiveCommand.class, GatesWaiversCommand.class},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example: mlpipeline gates waive r20240601-020000-1f3a9c enough-rows \\",
      "           --reason 'holiday, confirmed by the shop' --until 2024-06-07"
    })
final class GatesCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
