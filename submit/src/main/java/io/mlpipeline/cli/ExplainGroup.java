package io.mlpipeline.cli;

import java.util.Set;
import picocli.CommandLine.Command;

/**
 * What {@code explain} is where a model or a prediction is asked about. It is a command of its own,
 * so that steps named {@code model} can be explained all the same.
 */
@Command(
    name = "explain",
    description = "Says how a model came to be, and why it predicted what it did.",
    subcommands = {ExplainModelCommand.class, ExplainPredictionCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example: mlpipeline explain model churn@1.4.0",
      "         mlpipeline explain prediction churn@1.4.0 --key customer_id=42"
    })
final class ExplainGroup extends CommandGroup {

  /** The words that lead here, right behind {@code explain}. */
  static final Set<String> WORDS = Set.of("model", "prediction");
}
