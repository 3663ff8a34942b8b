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

/** Lets a human vouch for a version. */
@Command(
    name = "approve",
    description = {
      "Vouches for a version under your name, for its next move; takes back a rejection. Its",
      "author's approval counts only where the pipeline file says approval: anyone."
    },
    footer = {
      "",
      "Example: mlpipeline models approve churn@1.4.0 --reason 'checked with the call centre'"
    })
final class ModelsApproveCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private ModelVersionName version = new ModelVersionName();

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; stays in the history under your name.")
  private String reason = "";

  @Mixin private PolicyOptions policies = new PolicyOptions();
  @Mixin private CommonOptions common = new CommonOptions();

  ModelsApproveCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    MoveRequest wanted = version.wanted(reason);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    RegistryEvent event =
        new Verdicts(warehouse.registry(), InstantSource.system())
            .approve(wanted, () -> policies.policy(wanted, warehouse, common, shell));
    return DecidedView.print(shell, common, "approved " + wanted.name(), event);
  }
}
