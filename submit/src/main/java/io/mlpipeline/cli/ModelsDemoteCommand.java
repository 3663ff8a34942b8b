package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.run.MoveRequest;
import io.mlpipeline.run.Verdicts;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves a version down. */
@Command(
    name = "demote",
    description = {
      "Moves a version from production to staging or experimental, or from staging to",
      "experimental. After a demotion from production, nothing is in production."
    },
    footer = {
      "",
      "Example: mlpipeline models demote churn@1.4.0 --to staging --reason 'see incident 12'"
    })
final class ModelsDemoteCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private ModelVersionName version = new ModelVersionName();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "STAGE",
      description = "staging or experimental.")
  private String to = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; stays in the history under your name.")
  private String reason = "";

  @Mixin private CommonOptions common = new CommonOptions();

  ModelsDemoteCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    MoveRequest wanted = version.wanted(reason);
    PromotionStage stage = StageName.of(to, PromotionStage.STAGING, PromotionStage.EXPERIMENTAL);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    RegistryEvent event =
        new Verdicts(warehouse.registry(), InstantSource.system()).demote(wanted, stage);
    PromotionStage from = Objects.requireNonNull(event.from());
    if (from == PromotionStage.PRODUCTION && !common.quiet) {
      shell.err().println("note     nothing of " + wanted.model() + " is in production now");
    }
    String sentence = "demoted " + wanted.name() + " from " + from.word() + " to " + stage.word();
    return DecidedView.print(shell, common, sentence, event);
  }
}
