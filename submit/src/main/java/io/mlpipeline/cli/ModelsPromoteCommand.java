package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.registry.Judgement;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.run.MoveRequest;
import io.mlpipeline.run.Promotions;
import io.mlpipeline.run.Promotions.Promoted;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves a version up by one stage, if it keeps the rules. */
@Command(
    name = "promote",
    description = {
      "Moves a version to staging or from there to production, if what was measured of it keeps",
      "the rules of the pipeline file. Exit code 5: it does not; 6: somebody must approve it;",
      "7: somebody else moved it or the champion at the same time."
    },
    footer = {
      "",
      "Example: mlpipeline models promote churn@1.4.0 --to staging --dry-run",
      "         mlpipeline models promote churn@1.4.0 --to production"
    })
final class ModelsPromoteCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private ModelVersionName version = new ModelVersionName();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "STAGE",
      description = "staging or production.")
  private String to = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stays in the history.")
  private @Nullable String reason;

  @Option(
      names = "--dry-run",
      description = "Shows what each rule says; moves nothing. The exit code is that of the move.")
  private boolean dryRun;

  @Mixin private PolicyOptions policies = new PolicyOptions();
  @Mixin private CommonOptions common = new CommonOptions();

  ModelsPromoteCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    MoveRequest wanted = version.wanted(reason);
    PromotionStage stage = StageName.of(to, PromotionStage.STAGING, PromotionStage.PRODUCTION);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    ModelPolicy policy = policies.policy(wanted, warehouse, common, shell);
    try (DriverRules rules = new DriverRules(warehouse, policy, this::beginLogs)) {
      Promotions promotions = new Promotions(warehouse.registry(), rules, InstantSource.system());
      Judgement judgement = promotions.judge(wanted, stage, policy);
      Promoted promoted =
          dryRun || !judgement.passes() ? null : promotions.promote(wanted, stage, policy);
      PromotionView view =
          new PromotionView(wanted, promoted == null ? judgement : promoted.judgement(), promoted);
      if (common.json()) {
        shell.out().print(view.json());
      } else {
        view.print(shell);
      }
      return view.exitCode();
    }
  }

  private void beginLogs() {
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
  }
}
