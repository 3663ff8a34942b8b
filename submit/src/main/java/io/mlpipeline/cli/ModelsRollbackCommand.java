package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.registry.Past;
import io.mlpipeline.registry.RollbackPlan;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import io.mlpipeline.run.MoveRequest;
import io.mlpipeline.run.Rollbacks;
import io.mlpipeline.run.Rollbacks.RolledBack;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings back what was in production, the model with the tables that it was made with. */
@Command(
    name = "rollback",
    description = {
      "Brings a version back to production that was there before, with the tables and the",
      "configuration that it was made with. Nothing is deleted. Said again it finishes what was",
      "killed. Exit code 7: somebody else moved the model meanwhile; 8: something is lost."
    },
    footer = {
      "",
      "Example: mlpipeline models rollback churn --to last-tuesday --dry-run",
      "         mlpipeline models rollback churn --to 1.3.0 --reason 'see incident 12'",
      "         mlpipeline models rollback churn --at 2024-03-05 --config-to conf-of-then"
    })
final class ModelsRollbackCommand implements Callable<Integer> {

  private final Shell shell;
  private final InstantSource clock = InstantSource.system();

  @Parameters(index = "0", paramLabel = "NAME", description = "The model, such as churn.")
  @SuppressWarnings("NullAway.Init")
  private String name;

  @ArgGroup(multiplicity = "1")
  private Goal goal = new Goal();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stays in the history.")
  private @Nullable String reason;

  @Option(names = "--dry-run", description = "Shows what would be done; changes nothing.")
  private boolean dryRun;

  @Option(
      names = "--model-only",
      description = "Leaves all tables as they are, such as where one of them is lost.")
  private boolean modelOnly;

  @Option(
      names = "--config-to",
      paramLabel = "DIR",
      description = "Writes the configuration files of then below this directory.")
  private @Nullable String configTo;

  @Mixin private CommonOptions common = new CommonOptions();

  /** What is to be brought back: one of the two. */
  static final class Goal {
    @Option(
        names = "--to",
        paramLabel = "VERSION|last-DAY",
        description =
            "A version such as 1.3.0, or what was in production at the end of a day such as"
                + " last-tuesday (UTC).")
    private @Nullable String to;

    @Option(
        names = "--at",
        paramLabel = "DATE|TIMESTAMP",
        description = "What was in production at the end of that day, or at that moment (UTC).")
    private @Nullable String at;
  }

  ModelsRollbackCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    NamedModel named = NamedModel.find(warehouse, common.warehouse, name);
    if (named.isVersion()) {
      throw EngineException.misused(
          "the version to roll back to comes by --to or --at, not in the model's name",
          "mlpipeline models rollback " + named.reference().model() + " --to 1.3.0");
    }
    SemanticVersion version = version(warehouse, named);
    MoveRequest wanted =
        new MoveRequest(
            named.reference().model(),
            version,
            Planning.user(),
            reason == null ? null : reason.strip());
    Rollbacks rollbacks =
        new Rollbacks(warehouse.registry(), warehouse.tables(), warehouse.models(), clock);
    RollbackPlan plan =
        rollbacks.plan(wanted, modelOnly ? Rollbacks.Scope.MODEL : Rollbacks.Scope.SET);
    ConfigThen config = ConfigThen.of(plan.card(), shell.workingDirectory());
    RollbackView view = new RollbackView(wanted, plan, config, dryRun ? null : configTo);
    if (!dryRun && !plan.lost().isEmpty()) {
      Rollbacks.requireTables(wanted, plan);
    }
    if (!dryRun && configTo != null) {
      config.writeTo(shell.workingDirectory().resolve(configTo));
    }
    RolledBack done = dryRun ? null : rollbacks.rollBack(wanted, plan);
    if (common.json()) {
      shell.out().print(view.json(done));
    } else {
      view.print(shell, done);
    }
    return plan.lost().isEmpty() ? ExitCode.DONE : RollbackView.LOST;
  }

  private SemanticVersion version(Warehouse warehouse, NamedModel named) {
    if (goal.at != null) {
      return then(warehouse, named, PastMoment.of(goal.at));
    }
    String text = String.valueOf(goal.to);
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return SemanticVersion.find(text.startsWith("v") ? text.substring(1) : text)
        .or(() -> PastMoment.last(text, today).map(moment -> then(warehouse, named, moment)))
        .orElseThrow(() -> noGoal(text));
  }

  /** What {@code models history --at} says was in production then. */
  private static SemanticVersion then(Warehouse warehouse, NamedModel named, Instant moment) {
    String model = named.reference().model();
    return Past.at(model, warehouse.registry().events(model), moment)
        .champion()
        .map(VersionState::version)
        .orElseThrow(
            () ->
                EngineException.misused(
                    "no version of "
                        + model
                        + " was in production at "
                        + Words.time(moment)
                        + " (UTC)",
                    "mlpipeline models history " + model + " tells when which one was"));
  }

  private static EngineException noGoal(String text) {
    String near = Suggestions.didYouMean(text, PastMoment.days());
    return EngineException.misused(
        "--to cannot be '" + Messages.clean(text) + "'",
        near == null ? "a version such as 1.3.0, or a day such as last-tuesday" : near);
  }
}
