package io.mlpipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What has to do with registered models; its subcommands do the work. */
@Command(
    name = "models",
    description = "Registered models: their versions, where these stand, and what happened.",
    subcommands = {
      ModelsListCommand.class,
      ModelsShowCommand.class,
      ModelsHistoryCommand.class,
      ModelsPromoteCommand.class,
      ModelsApproveCommand.class,
      ModelsRejectCommand.class,
      ModelsDemoteCommand.class,
      ModelsArchiveCommand.class,
      ModelsRollbackCommand.class,
      ModelsCheckCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example: mlpipeline models list",
      "         mlpipeline models show churn",
      "         mlpipeline models show churn@production",
      "         mlpipeline models history churn --at 2024-03-05",
      "         mlpipeline models promote churn@1.4.0 --to staging --dry-run",
      "         mlpipeline models approve churn@1.4.0 --reason 'checked with the call centre'",
      "         mlpipeline models rollback churn --to last-tuesday --dry-run"
    })
final class ModelsCommand implements Runnable {

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
