package io.mlpipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Contracts: lists them, shows one, publishes them, writes a first one from data. */
@Command(
    name = "schemas",
    description =
        "Lists contracts; `schemas show NAME`, `schemas lock` and `schemas infer PATH` do more.",
    subcommands = {
      SchemasListCommand.class,
      SchemasShowCommand.class,
      SchemasLockCommand.class,
      SchemasInferCommand.class
    },
    footer = {
      "",
      "Example: mlpipeline schemas list",
      "         mlpipeline schemas infer data/events --name events"
    })
final class SchemasCommand implements Runnable {

  private final Shell shell;

  @Mixin private CommonOptions common = new CommonOptions();

  SchemasCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void run() {
    SchemasListCommand.list(shell, common);
  }
}
