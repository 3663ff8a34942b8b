package io.mlpipeline.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command whose subcommands do the work; alone it says which there are. */
abstract class CommandGroup implements Runnable {

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
