package io.mlpipeline.run;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Merged;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.Sifted;
import io.mlpipeline.port.Staged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Merges merges;
  private final Replacements replacements;
  private final @Nullable PartitionWork work;

  Sieve(
      AttemptSession session,
      AttemptCall call,
      Waiving waiving,
      Merges merges,
      Replacements replacements) {
    this.session = session;
    this.step = call.step();
    this.work = call.partitions();
    this.waiving = waiving;
    this.merges = merges;
    this.replacements = replacements;
  }

  /**
   * What was judged.
   *
   * @param audits what may be published, with its gate's report
   * @param apart what was set apart, for those tables from which something was
   * @param replaced staged tables of which only a part may be published
   * @param kept those parts, and what was written again for a batch to be merged
   * @param own by port, the files of merged tables that the attempt wrote: the others are published
   */
  record Judged(
      List<Audited> audits,
      List<SetApart> apart,
      List<StagedTable> replaced,
      List<StagedTable> kept,
      Map<String, StagedTable> own) {

    /** What may be published. */
    List<StagedTable> tables() {
      return audits.stream().map(Audited::table).toList();
    }

    /** What of an audited table may be deleted if it is not published. */
    StagedTable own(StagedTable table) {
      return own.getOrDefault(table.port(), table);
    }

    List<GateReport> gates() {
      return audits.stream().map(Audited::gate).toList();
    }
  }

  Judged judge(Staged staged) {
    Judged judged =
        new Judged(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new HashMap<>());
    for (StagedTable table : staged.tables()) {
      OutputSpec output = step.output(table.port()).orElseThrow();
      if (output.merges()) {
        judgeBatch(table, output, staged, judged);
      } else {
        Divided all = divide(table, output, staged, judged);
        if (work != null && output.isByPartition()) {
          judgePartitions(all, work, output, staged, judged);
          continue;
        }
        add(judged, all.audit(), output, all.apart(), staged, all.audit().digest().rows());
      }
    }
    return judged;
  }

  /** What may be published of a staged table, and what was set apart from it. */
  private record Divided(Audited audit, @Nullable SetApart apart) {}

  private Divided divide(StagedTable table, OutputSpec output, Staged staged, Judged judged) {
    Audited audit = waiving.of(session.audit(table, output));
    StagedTable apart = handedOver(table, staged);
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
    return new Divided(audit, inspected(apart, output, judged));
  }

  private static @Nullable StagedTable handedOver(StagedTable table, Staged staged) {
    return staged.apart(table.port()).filter(a -> a.rows() > 0).orElse(null);
  }

  private @Nullable SetApart inspected(
      @Nullable StagedTable apart, OutputSpec output, Judged judged) {
    SetApart looked = apart == null ? null : session.inspect(apart, output);
    if (looked != null) {
      judged.apart().add(looked);
    }
    return looked;
  }

  /** Rows are set apart from the batch, whose counts are told; the gate judges the whole table. */
  private void judgeBatch(StagedTable batch, OutputSpec output, Staged staged, Judged judged) {
    GateSpec ofRows = output.gate().ofRows();
    StagedTable kept = batch;
    SetApart apart;
    if (ofRows.isOpen()) {
      apart = inspected(handedOver(batch, staged), output, judged);
    } else {
      Divided divided = divide(batch, output.withGate(ofRows), staged, judged);
      kept = divided.audit().table();
      apart = divided.apart();
    }
    Merged merged = merges.merge(kept, output);
    judged.kept().add(merged.rewritten());
    judged.own().put(batch.port(), kept.and(merged.rewritten()));
    Audited whole = earlierRows(waiving.of(session.audit(merged.whole(), output)));
    add(judged, whole, output, apart, staged, kept.rows());
  }

  /** The partitions that were made, put beside those that stay; the gate judges what is asked. */
  private void judgePartitions(
      Divided made, PartitionWork asked, OutputSpec output, Staged staged, Judged judged) {
    Audited audit = made.audit();
    Replacements.Replaced replaced = replacements.replace(audit, asked, output);
    judged.own().put(audit.table().port(), audit.table());
    judged.replaced().add(replaced.same());
    Audited whole = replaced.whole();
    if (asked.judging() == PartitionWork.Judging.WHOLE) {
      whole = replacements.checked(whole, waiving.of(session.audit(whole.table(), output)));
    }
    add(judged, whole, output, made.apart(), staged, audit.digest().rows());
  }

  /** Only rows of the batch were set apart; what others published stays, and its faults with it. */
  private static Audited earlierRows(Audited whole) {
    List<RuleOutcome> outcomes = new ArrayList<>();
    for (RuleOutcome outcome : whole.gate().outcomes()) {
      boolean ofRows = outcome.rule().severity() == Severity.QUARANTINE && !outcome.passed();
      outcomes.add(
          ofRows
              ? new RuleOutcome(
                  outcome.rule(),
                  false,
                  outcome.message()
                      + "; rows of earlier batches break it, alone or together with new ones:"
                      + " publish them corrected, or once with mode: replace",
                  outcome.observed(),
                  outcome.waiver())
              : outcome);
    }
    return whole.with(GateReport.of(whole.gate().dataset(), outcomes));
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

  private void add(
      Judged judged,
      Audited audit,
      OutputSpec output,
      @Nullable SetApart apart,
      Staged staged,
      long published) {
    judged.audits().add(waiving.of(withCounts(audit, output, apart, staged, published)));
  }

  private static Audited withCounts(
      Audited audit, OutputSpec output, @Nullable SetApart apart, Staged staged, long published) {
    String dataset = output.name();
    List<RuleOutcome> outcomes = new ArrayList<>(audit.gate().outcomes());
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
    return audit.with(GateReport.of(dataset, outcomes, report));
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
