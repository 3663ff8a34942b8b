package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.run.MoveRequest;
import io.mlpipeline.run.Verdicts;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a version out of use. */
@Command(
    name = "archive",
    description =
        "Takes a version out of use that is experimental or in staging; nothing is deleted.",
    footer = {"", "Example: mlpipeline models archive churn@1.2.0 --reason 'never good enough'"})
final class ModelsArchiveCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private ModelVersionName version = new ModelVersionName();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stays in the history.")
  private @Nullable String reason;

  @Mixin private CommonOptions common = new CommonOptions();

  ModelsArchiveCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    MoveRequest wanted = version.wanted(reason);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    RegistryEvent event =
        new Verdicts(warehouse.registry(), InstantSource.system()).archive(wanted);
    return DecidedView.print(shell, common, "archived " + wanted.name(), event);
  }
}
