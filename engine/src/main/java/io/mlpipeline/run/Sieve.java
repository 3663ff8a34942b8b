package io.mlpipeline.run;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.Sifted;
import io.mlpipeline.port.Staged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges staged tables, and sets the rows apart that a gate allows to be set apart. Where nothing
 * is to be set apart it costs one audit a table.
 */
final class Sieve {

  private final AttemptSession session;
  private final StepSpec step;
  private final Waiving waiving;

  Sieve(AttemptSession session, StepSpec step, Waiving waiving) {
    this.session = session;
    this.step = step;
    this.waiving = waiving;
  }

  /**
   * What was judged.
   *
   * @param audits what may be published, with its gate's report
   * @param apart what was set apart, for those tables from which something was
   * @param replaced staged tables of which only a part may be published
   * @param kept those parts
   */
  record Judged(
      List<Audited> audits,
      List<SetApart> apart,
      List<StagedTable> replaced,
      List<StagedTable> kept) {

    List<GateReport> gates() {
      return audits.stream().map(Audited::gate).toList();
    }
  }

  Judged judge(Staged staged) {
    Judged judged =
        new Judged(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (StagedTable table : staged.tables()) {
      judge(table, staged, judged);
    }
    return judged;
  }

  private void judge(StagedTable table, Staged staged, Judged judged) {
    OutputSpec output = step.output(table.port()).orElseThrow();
    Audited audit = waiving.of(session.audit(table, output));
    StagedTable apart = staged.apart(table.port()).filter(a -> a.rows() > 0).orElse(null);
    List<GateRule> broken = broken(audit.gate());
    if (!broken.isEmpty()) {
      Sifted sifted = session.sift(table, output, broken);
      if (sifted.apart().rows() > 0) {
        Audited kept = waiving.of(session.audit(sifted.kept(), output));
        conserve(audit, kept, sifted);
        judged.replaced().add(table);
        judged.kept().add(sifted.kept());
        apart = apart == null ? sifted.apart() : apart.and(sifted.apart());
        audit = kept;
      } else {
        session.discard(sifted.kept());
      }
    }
    SetApart looked = apart == null ? null : session.inspect(apart, output);
    if (looked != null) {
      judged.apart().add(looked);
    }
    judged.audits().add(waiving.of(withCounts(audit, output, looked, staged)));
  }

  /** The rules for which rows are set apart: those that failed and that nobody waived. */
  private static List<GateRule> broken(GateReport gate) {
    return gate.outcomes().stream()
        .filter(o -> !o.passed() && o.waiver() == null)
        .map(RuleOutcome::rule)
        .filter(rule -> rule.severity() == Severity.QUARANTINE)
        .toList();
  }

  /** Digests add up, so that not one row can have been lost, doubled or changed unseen. */
  private static void conserve(Audited all, Audited kept, Sifted sifted) {
    ContentDigest sum = kept.digest().plus(sifted.moved());
    if (!sum.equals(all.digest())) {
      throw new EngineException(
          ErrorType.STEP_FAILED,
          "the rows of "
              + all.table().name()
              + " are not the same when they are computed again: "
              + all.digest()
              + " were staged, and "
              + sum
              + " came when some were set apart; let the step give the same rows each time (no"
              + " random or current values), or leave its column _source_file out");
    }
  }

  private static Audited withCounts(
      Audited audit, OutputSpec output, @Nullable SetApart apart, Staged staged) {
    String dataset = output.name();
    List<RuleOutcome> outcomes = new ArrayList<>(audit.gate().outcomes());
    long published = audit.digest().rows();
    if (apart != null) {
      tell(outcomes, apart.byRule());
      outcomes.add(
          apart
              .report()
              .share(
                  dataset,
                  output.gate().maxQuarantine(),
                  output.at(),
                  published,
                  apart.words(),
                  apart.place()));
    }
    long aside = apart == null ? 0 : apart.rows();
    Optional.ofNullable(staged.accounts().get(output.port()))
        .ifPresent(a -> outcomes.add(a.judge(dataset, output.at(), published, aside)));
    if (outcomes.size() == audit.gate().outcomes().size()) {
      return audit;
    }
    QuarantineReport report = apart == null ? null : apart.report();
    return new Audited(
        audit.table(),
        audit.digest(),
        audit.schemaDigest(),
        GateReport.of(dataset, outcomes, report));
  }

  /**
   * A rule that holds because its rows are gone says so; it was judged before, so that it finds
   * nothing to judge any more is no failure.
   */
  static void tell(List<RuleOutcome> outcomes, SortedMap<String, Long> byRule) {
    for (int i = 0; i < outcomes.size(); i++) {
      RuleOutcome outcome = outcomes.get(i);
      Long rows = byRule.get(outcome.rule().id());
      boolean nothingLeft = !outcome.passed() && outcome.observed().isEmpty();
      boolean holds = outcome.passed() || nothingLeft;
      if (rows != null && holds && outcome.rule().severity() == Severity.QUARANTINE) {
        SortedMap<String, Double> observed = new TreeMap<>(outcome.observed());
        observed.put("quarantined", (double) rows);
        outcomes.set(
            i,
            new RuleOutcome(
                outcome.rule(),
                true,
                outcome.rule().text() + ": " + rows + " rows that break it were set apart",
                observed));
      }
    }
  }

  /** Whether rows of this dataset may ever be set apart. */
  static boolean canQuarantine(GateSpec gate) {
    return gate.maxQuarantine() > 0 || !gate.rules(Severity.QUARANTINE).isEmpty();
  }

  /** The names of tables that hold rows of a quarantine. */
  static boolean isApart(StagedTable table) {
    return QuarantineTable.isReserved(table.name());
  }
}
