package io.mlpipeline.cli;

import picocli.CommandLine.Command;

/** What has to do with gates; its subcommands do the work. */
@Command(
    name = "gates",
    description = "Rules of pipelines: what they are, what they measured, who waived them.",
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
final class GatesCommand extends CommandGroup {}
