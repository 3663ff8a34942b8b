package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.plan.IngredientChange;
import io.mlpipeline.plan.StepDecision;
import io.mlpipeline.run.PlanResolver;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** A plan on standard output. */
final class PlanView {

  private final Shell shell;
  private final CommonOptions common;

  PlanView(Shell shell, CommonOptions common) {
    this.shell = shell;
    this.common = common;
  }

  void print(Planning planning, PlanResolver.Resolved resolved) {
    print(planning, resolved, Collections.emptySortedMap());
  }

  /** And what gates cost, by dataset. */
  void print(Planning planning, PlanResolver.Resolved resolved, SortedMap<String, String> costs) {
    if (common.json()) {
      byte[] document =
          JsonOut.pretty(
              out ->
                  out.number("format", 1)
                      .text("pipeline", planning.spec().name())
                      .text("environment", planning.spec().environment())
                      .flag("nothing_to_do", resolved.plan().nothingToDo())
                      .array("steps", resolved.plan().decisions(), PlanView::decision)
                      .textMap("gates", costs));
      shell.out().print(new String(document, StandardCharsets.UTF_8));
      return;
    }
    TextTable table = new TextTable("step", "decision", "reason");
    for (StepDecision decision : resolved.plan().decisions()) {
      String stale = decision.stale() == null ? "" : "; " + decision.stale();
      table.row(
          decision.step().name(), decision.decision().word(), decision.reason().text() + stale);
    }
    table.print(shell.out());
    if (!costs.isEmpty()) {
      shell.out().println();
      costs.forEach((dataset, cost) -> shell.out().println("gate " + dataset + ": " + cost));
    }
  }

  private static void decision(JsonOut out, StepDecision decision) {
    out.text("name", decision.step().name())
        .text("decision", decision.decision().word())
        .text("reason", decision.reason().text())
        .text("stale", decision.stale());
    if (decision.fingerprint() != null) {
      out.text("fingerprint", decision.fingerprint().sha256());
    }
    PartitionWork work = decision.partitions();
    if (work != null) {
      out.texts("partitions", List.copyOf(work.asked()));
      out.texts("removed_partitions", List.copyOf(work.removed()));
    }
    out.array("changes", decision.reason().changes(), PlanView::change);
  }

  static void change(JsonOut out, IngredientChange change) {
    out.text("ingredient", change.label())
        .text("before", change.before())
        .text("after", change.after());
  }
}
