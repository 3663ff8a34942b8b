package io.mlpipeline.cli;

import io.mlpipeline.CodeDrift;
import io.mlpipeline.Resumption;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.plan.StepDecision;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** What is left of a run: what is kept, what runs again, whose code has changed. */
final class ResumeView {

  private final CommonOptions common;

  ResumeView(CommonOptions common) {
    this.common = common;
  }

  void print(Resumption resumption, PrintWriter out) {
    if (common.json()) {
      out.print(new String(json(resumption), StandardCharsets.UTF_8));
      out.flush();
      return;
    }
    LineageEvent run = resumption.run();
    out.println(
        "resuming run "
            + run.runId()
            + " of "
            + run.pipeline()
            + " ("
            + run.environment()
            + "): "
            + run.status()
            + " at "
            + Words.time(run.ended())
            + " UTC; inputs, configuration and params are those of then");
    TextTable table = new TextTable("  step", "", "why");
    for (StepDecision decision : resumption.plan().decisions()) {
      boolean kept = Resumption.isKept(decision);
      table.row(
          "  " + decision.step().name(),
          kept ? "kept" : decision.decision().word(),
          kept ? kept(decision) : decision.reason().text());
    }
    table.print(out);
    for (CodeDrift drift : resumption.drift()) {
      out.println(
          "  the code of "
              + drift.step()
              + " has changed since: "
              + drift.before()
              + " -> "
              + drift.now());
    }
    if (resumption.drift().isEmpty()) {
      out.println("  no step's code has changed since");
    }
    out.flush();
  }

  private static String kept(StepDecision decision) {
    String outputs =
        java.util.Objects.requireNonNull(decision.entry()).outputs().stream()
            .map(ResumeView::output)
            .collect(Collectors.joining(", "));
    return outputs + " of run " + Resumption.keptOf(decision).orElse("");
  }

  private static String output(OutputVersion output) {
    return output.name() + " " + Words.version(output);
  }

  private static byte[] json(Resumption resumption) {
    LineageEvent run = resumption.run();
    return JsonOut.pretty(
        out ->
            out.number("format", 1)
                .text("run_id", run.runId())
                .text("pipeline", run.pipeline())
                .text("environment", run.environment())
                .text("status", run.status())
                .array("steps", resumption.plan().decisions(), ResumeView::step)
                .array("code_changed", resumption.drift(), ResumeView::drift));
  }

  private static void step(JsonOut out, StepDecision decision) {
    out.text("name", decision.step().name())
        .text("decision", decision.decision().word())
        .text("reason", decision.reason().text())
        .text("kept_of", Resumption.keptOf(decision).orElse(null));
  }

  private static void drift(JsonOut out, CodeDrift drift) {
    out.text("step", drift.step()).text("before", drift.before()).text("now", drift.now());
  }
}
