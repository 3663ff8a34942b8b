package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.run.MoveRequest;
import io.mlpipeline.run.Verdicts;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets a human refuse a version. */
@Command(
    name = "reject",
    description = {
      "Refuses a version under your name: it is not promoted until somebody other than its author",
      "approves it."
    },
    footer = {
      "",
      "Example: mlpipeline models reject churn@1.4.0 --reason 'scores new customers too low'"
    })
final class ModelsRejectCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private ModelVersionName version = new ModelVersionName();

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; stays in the history under your name.")
  private String reason = "";

  @Mixin private CommonOptions common = new CommonOptions();

  ModelsRejectCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    MoveRequest wanted = version.wanted(reason);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    RegistryEvent event = new Verdicts(warehouse.registry(), InstantSource.system()).reject(wanted);
    return DecidedView.print(shell, common, "rejected " + wanted.name(), event);
  }
}
