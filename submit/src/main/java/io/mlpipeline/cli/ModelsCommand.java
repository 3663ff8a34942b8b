package io.mlpipeline.cli;

import picocli.CommandLine.Command;

/** What has to do with registered models; its subcommands do the work. */
@Command(
    name = "models",
    description = "Registered models: their versions, where these stand, and what happened.",
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
final class ModelsCommand extends CommandGroup {}
