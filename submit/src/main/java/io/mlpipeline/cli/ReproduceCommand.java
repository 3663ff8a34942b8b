package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.Likeness;
import io.mlpipeline.plan.Reproduced;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.VersionState;
import io.mlpipeline.reproduce.DeterminismAudit;
import io.mlpipeline.reproduce.Reproducer;
import io.mlpipeline.reproduce.Reproduction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs again what ran before, and says whether the same comes out. */
@Command(
    name = "reproduce",
    description = {
      "Runs a run again from its receipt: the configuration, params and input versions of then,",
      "the classes of now. Says of every step whether it is identical, equivalent, drifted or",
      "impossible, and why. Nothing is published."
    },
    footer = {
      "",
      "Exit codes: 0 identical or equivalent, 3 drifted or not deterministic, 8 impossible.",
      "",
      "A card does not hold what --set said: say it again where nothing else is left.",
      "",
      "Example: mlpipeline reproduce r20240601-020000-1f3a9c",
      "         mlpipeline reproduce r20240601-020000-1f3a9c --step features",
      "         mlpipeline reproduce churn@1.4.0",
      "         mlpipeline reproduce churn --audit features"
    })
final class ReproduceCommand implements Callable<Integer> {

  private static final int DRIFTED = 3;

  private final Shell shell;

  @Parameters(
      index = "0",
      paramLabel = "RUN|MODEL@VERSION",
      description = {
        "The run, as `runs list` names it; with --audit a pipeline's name, too. Or a version of a",
        "registered model, such as churn@1.4.0: the steps that led to it, by its card."
      })
  @SuppressWarnings("NullAway.Init")
  private String run;

  @Option(names = "--step", paramLabel = "STEP", description = "This step alone.")
  private @Nullable String step;

  @Option(
      names = "--keep",
      description = "Keeps what was written, below _ml/reproduce of the warehouse.")
  private boolean keep;

  @Option(
      names = "--audit",
      paramLabel = "STEP",
      description = {
        "Runs this step twice from the same inputs instead, and names the columns that are not",
        "deterministic."
      })
  private @Nullable String audit;

  @Mixin private CommonOptions common = new CommonOptions();

  ReproduceCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    Optional<ModelCard> card = card(warehouse);
    if (card.isEmpty() && audit == null && !Reproducer.isKnown(warehouse, run)) {
      throw EngineException.misused(
          "there is no run " + Messages.clean(run) + " in " + common.warehouse,
          "mlpipeline runs list names them");
    }
    HandOver.ifLight();
    try (Driver driver = new Driver(shell, common, 1)) {
      String asked = audit;
      if (asked != null) {
        DeterminismAudit twice =
            driver.beside(engine -> reproducer(engine, warehouse).audit(run, asked));
        return print(twice);
      }
      Reproduction again = driver.beside(engine -> again(reproducer(engine, warehouse), card));
      return print(again);
    }
  }

  private Reproducer reproducer(Engine engine, Warehouse warehouse) {
    return new Reproducer(warehouse, engine, shell.environment()).saying(common.settings);
  }

  private Reproduction again(Reproducer reproducer, Optional<ModelCard> card) {
    Reproducer.Scratch scratch = keep ? Reproducer.Scratch.KEPT : Reproducer.Scratch.REMOVED;
    return card.isPresent()
        ? reproducer.version(card.get(), step, scratch)
        : reproducer.run(run, step, scratch);
  }

  /** The card of a version that was named; empty if a run was. */
  private Optional<ModelCard> card(Warehouse warehouse) {
    if (!run.contains("@")) {
      return Optional.empty();
    }
    if (audit != null) {
      throw EngineException.misused(
          "--audit is of a run or a pipeline, and " + Messages.clean(run) + " is a model",
          "name the run that registered it: mlpipeline explain model " + Messages.clean(run));
    }
    NamedModel named = ExplainModelCommand.version(warehouse, common.warehouse, run);
    VersionState version = named.version();
    String model = named.state().model();
    return Optional.of(
        warehouse
            .registry()
            .findCard(model, version.card())
            .orElseThrow(() -> ModelCardView.missing(model, version)));
  }

  private int print(DeterminismAudit result) {
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .text("run_id", result.run())
                      .text("step", result.step())
                      .flag("deterministic", result.isDeterministic())
                      .array("outputs", result.outputs(), ReproduceCommand::audited));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      result.outputs().forEach(this::audited);
    }
    shell.out().flush();
    return result.isDeterministic() ? ExitCode.DONE : DRIFTED;
  }

  private static void audited(JsonOut out, DeterminismAudit.Output one) {
    out.text("name", one.name())
        .text("first", one.first())
        .text("second", one.second())
        .texts("columns", one.columns())
        .number("rows", one.rows())
        .text("example", one.example());
  }

  private void audited(DeterminismAudit.Output one) {
    if (one.isSame()) {
      shell.out().println(one.name() + ": the same twice, " + one.first());
      return;
    }
    shell.out().println(one.name() + ": not deterministic");
    shell.out().println("  first   " + one.first());
    shell.out().println("  second  " + one.second());
    if (!one.columns().isEmpty()) {
      shell.out().println("  columns " + Messages.clean(String.join(", ", one.columns())));
    }
    if (one.rows() > 0) {
      String example = one.example().isEmpty() ? "" : ", such as " + one.example();
      shell.out().println("  rows    " + Words.count(one.rows()) + Messages.clean(example));
    }
  }

  private int print(Reproduction result) {
    if (common.json()) {
      shell.out().print(new String(json(result), StandardCharsets.UTF_8));
    } else {
      text(result);
    }
    shell.out().flush();
    return switch (result.outcome()) {
      case IDENTICAL, EQUIVALENT -> ExitCode.DONE;
      case DRIFTED -> DRIFTED;
      case IMPOSSIBLE -> ExitCode.ENVIRONMENT;
    };
  }

  private void text(Reproduction result) {
    for (Reproduced one : result.steps()) {
      shell.out().println(String.format("%-11s", word(one.outcome())) + one.step());
      for (String why : one.why()) {
        String text = (one.outcome() == Reproduced.Outcome.IDENTICAL ? "all the same: " : "") + why;
        line("           " + text);
      }
      one.notes().forEach(note -> line("           " + note));
    }
    if (result.card() != null) {
      line("from the card of " + result.card() + " alone, which knows no --set and no --jars");
    }
    shell.out().println(result.pipeline() + " run " + result.run() + ": " + word(result.outcome()));
    result.scratch().ifPresent(place -> shell.out().println("kept in " + place));
  }

  private void line(String text) {
    shell.out().println(Messages.clean(text).replace('\n', ' '));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static byte[] json(Reproduction result) {
    return JsonOut.pretty(
        out ->
            out.number("format", 1)
                .text("run_id", result.run())
                .text("pipeline", result.pipeline())
                .text("outcome", word(result.outcome()))
                .text("card", result.card())
                .array("steps", result.steps(), ReproduceCommand::step)
                .text("scratch", result.scratch().orElse(null)));
  }

  private static void step(JsonOut out, Reproduced one) {
    out.text("name", one.step())
        .text("outcome", word(one.outcome()))
        .texts("why", one.why())
        .texts("notes", one.notes())
        .array("drift", one.drift(), PlanView::change)
        .array("outputs", one.outputs(), ReproduceCommand::output);
  }

  private static void output(JsonOut out, Likeness one) {
    out.text("name", one.name())
        .text("degree", word(one.degree()))
        .texts("differences", one.differences());
  }
}
