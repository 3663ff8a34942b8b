package io.mlpipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What has to do with gates; its subcommands do the work. */
@Command(
    name = "gates",
    description = "Rules of pipelines: what they are, what they measured, who waived them.",
    subcommands = {
      GatesListCommand.class,
      GatesSuggestCommand.class,
      GatesTestCommand.class,
      GatesHistoryCommand.class,
      GatesWaiveCommand.class,
      GatesWaiversCommand.class,
      GatesReplayCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example: mlpipeline gates list churn",
      "         mlpipeline gates suggest churn/features",
      "         mlpipeline gates test churn/features@v3 --rules rules.conf",
      "         mlpipeline gates history churn/features Mean",
      "         mlpipeline gates waive r20240601-020000-1f3a9c enough-rows \\",
      "           --reason 'holiday, confirmed by the shop' --until 2024-06-07",
      "         mlpipeline gates replay churn events"
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
    String known = String.join(", ", spec.subcommands().keySet());
    throw new ParameterException(spec.commandLine(), "a command is missing: " + known);
  }
}
