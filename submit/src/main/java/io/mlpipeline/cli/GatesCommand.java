package io.mlpipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What has to do with gates and is no run. */
@Command(
    name = "gates",
    description = "Looks at gates and what they remember, and sends rows through them again.",
    subcommands = {GatesReplayCommand.class},
    footer = {"", "Example: mlpipeline gates replay churn events"})
final class GatesCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
