package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.plan.Explanation;
import io.mlpipeline.plan.StepDecision;
import io.mlpipeline.run.PlanResolver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says why a step would run, ingredient by ingredient. */
@Command(
    name = "explain",
    description = "Says why a step would run or be reused: every ingredient, old against new.",
    footer = {
      "",
      "Beside steps: mlpipeline explain model NAME@VERSION says how a model came to be, and",
      "mlpipeline explain prediction NAME@VERSION --key COLUMN=VALUE why it predicted what it did.",
      "",
      "Example: mlpipeline explain churn features --set params.window-days=60",
      "         mlpipeline explain model churn@1.4.0"
    })
final class ExplainCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Parameters(index = "1", paramLabel = "STEP", description = "The step.")
  @SuppressWarnings("NullAway.Init")
  private String step;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  ExplainCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Planning planning = options.open(pipeline, common, shell);
    PlanResolver.Resolved resolved = planning.plan(options.request());
    StepDecision decision =
        resolved
            .plan()
            .decision(step)
            .orElseThrow(
                () ->
                    new io.mlpipeline.model.InvalidConfigException(
                        List.of(
                            new Problem(
                                new SourceLocation(planning.spec().at().file(), 0),
                                "there is no step " + step,
                                "mlpipeline plan " + pipeline + " lists them"))));
    if (common.json()) {
      shell.out().print(json(decision));
    } else {
      Explanation.lines(decision, resolved.history()).forEach(shell.out()::println);
    }
    return ExitCode.DONE;
  }

  private static String json(StepDecision decision) {
    byte[] document =
        JsonOut.pretty(
            out -> {
              out.number("format", 1)
                  .text("name", decision.step().name())
                  .text("decision", decision.decision().word())
                  .text("reason", decision.reason().text())
                  .array("changes", decision.reason().changes(), PlanView::change);
              if (decision.fingerprint() != null) {
                out.text("fingerprint", decision.fingerprint().sha256())
                    .array(
                        "ingredients",
                        decision.fingerprint().ingredients(),
                        (o, i) -> o.text("name", i.label()).text("value", i.value()));
              }
            });
    return new String(document, StandardCharsets.UTF_8);
  }
}
