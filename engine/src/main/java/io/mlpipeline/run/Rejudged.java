package io.mlpipeline.run;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RowAccount;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.Staged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The gate of now on what is published already: no row can be set apart from it any more. */
final class Rejudged {

  private Rejudged() {}

  /** What an entry kept, as it was staged. */
  static Staged kept(StepSpec step, ReuseEntry entry) {
    SortedMap<String, RowAccount> accounts = new TreeMap<>();
    for (GateReport gate : entry.gates()) {
      step.outputs().stream()
          .filter(output -> output.name().equals(gate.dataset()))
          .forEach(o -> RowAccount.of(gate).ifPresent(a -> accounts.put(o.port(), a)));
    }
    return new Staged(
        entry.rejected().stream().filter(table -> !Sieve.isApart(table)).toList(),
        entry.rejectedModels(),
        entry.metrics(),
        entry.rejected().stream().filter(Sieve::isApart).toList(),
        accounts);
  }

  /** The report with what was set apart when the rows were published. */
  static GateReport published(GateReport gate, OutputSpec output, long rows, ReuseEntry entry) {
    List<RuleOutcome> outcomes = new ArrayList<>();
    gate.outcomes().forEach(outcome -> outcomes.add(withAdvice(outcome)));
    Optional<GateReport> earlier =
        entry.gates().stream().filter(g -> g.dataset().equals(output.name())).findFirst();
    QuarantineReport apart = earlier.map(GateReport::quarantine).orElse(null);
    long quarantined = apart == null ? 0 : apart.rows();
    OutputVersion table = apart == null ? null : apart.table();
    if (apart != null && table != null) {
      String shown = "they are in " + table.uri() + " v" + table.version();
      outcomes.add(
          apart.share(output.name(), output.gate().maxQuarantine(), output.at(), rows, shown, ""));
    }
    earlier
        .flatMap(RowAccount::of)
        .ifPresent(a -> outcomes.add(a.judge(output.name(), output.at(), rows, quarantined)));
    return GateReport.of(output.name(), outcomes, apart);
  }

  /** Such rows can only be set apart before they are published. */
  private static RuleOutcome withAdvice(RuleOutcome outcome) {
    boolean mayBeSifted = outcome.rule().severity() == Severity.QUARANTINE;
    return outcome.passed() || !mayBeSifted
        ? outcome
        : new RuleOutcome(
            outcome.rule(),
            false,
            outcome.message()
                + "; the rows are published already: run the step again with --force to set them"
                + " apart",
            outcome.observed(),
            outcome.waiver());
  }
}
