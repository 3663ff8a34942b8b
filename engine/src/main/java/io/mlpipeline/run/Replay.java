package io.mlpipeline.run;

import static java.util.stream.Collectors.joining;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionNames;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.plan.VerdictKey;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Merged;
import io.mlpipeline.port.Readmission;
import io.mlpipeline.port.SetApart;
import io.mlpipeline.port.TableLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sends the rows of a quarantine through their gate once more.
 *
 * <p>Rows that hold now join the dataset, the rest stays. The dataset is committed first, then the
 * reuse entry that lets the next run go on from it, then the quarantine; a replay that died in
 * between is finished by the next one, which finds out by whom the dataset's head was made.
 */
public final class Replay {

  private static final int NAMED = 3;

  private final Backend backend;
  private final RunContext run;
  private final Waiving waiving;

  public Replay(Backend backend, RunContext run) {
    this.backend = backend;
    this.run = run;
    this.waiving = new Waiving(backend.gates(), backend.clock(), run.spec().name());
  }

  /**
   * What a replay came to.
   *
   * @param run its id, as in lineage
   * @param dataset the dataset's name
   * @param added rows that joined the dataset
   * @param remaining rows that stay set apart
   * @param output what the dataset is now; null if nothing was added or it was rejected
   * @param gate what the gate said of the whole; null if there was nothing to judge
   */
  public record Result(
      String run,
      String dataset,
      long added,
      long remaining,
      @Nullable OutputVersion output,
      @Nullable GateReport gate) {

    public boolean rejected() {
      return gate != null && gate.verdict() == Verdict.REJECT;
    }
  }

  /**
   * Replays the quarantine of a dataset.
   *
   * @param inputs what the producing step reads, for rules that look at other datasets
   * @param corrected where corrected rows are; null to judge the rows as they are
   */
  public Result replay(String dataset, List<PinnedInput> inputs, @Nullable String corrected) {
    try {
      return replayed(dataset, inputs, corrected);
    } catch (RuntimeException e) {
      throw backend.failures().classify(e).<RuntimeException>map(known -> known).orElse(e);
    }
  }

  private Result replayed(String dataset, List<PinnedInput> inputs, @Nullable String corrected) {
    Instant started = backend.clock().instant();
    ReplayState state = ReplayState.find(backend, run, dataset);
    if (!state.apart().viaSpark() && state.apart().files().isEmpty()) {
      return new Result(run.id().value(), dataset, 0, 0, null, null);
    }
    AttemptCall call =
        new AttemptCall(
            run.spec().name(),
            run.id().value(),
            state.attempt(run.id().value()),
            state.step(),
            inputs,
            run.spec().inputs());
    try (AttemptSession session = backend.sessions().get().open(call)) {
      Readmission readmission =
          session.readmit(
              staged(state.dataset(), state.output(), call).withFiles(published(state)),
              staged(state.apart(), state.output(), call),
              state.output(),
              corrected);
      boolean finishes = state.begun(backend.tables()) && !state.output().merges();
      Result result =
          finishes
              ? finish(state, call, session, readmission)
              : begin(state, call, session, readmission);
      record(state, call, result, started);
      return result;
    }
  }

  private Result begin(
      ReplayState state, AttemptCall call, AttemptSession session, Readmission readmission) {
    StagedTable added = readmission.added();
    SetApart remaining = readmission.remaining();
    String dataset = state.output().name();
    if (added.rows() == 0
        && remaining.rows() == staged(state.apart(), state.output(), call).rows()) {
      session.discard(remaining.table());
      return new Result(run.id().value(), dataset, 0, remaining.rows(), null, null);
    }
    String stray = stray(state, added);
    if (stray != null) {
      session.discard(added);
      session.discard(remaining.table());
      throw new EngineException(ErrorType.CONTRACT_BROKEN, stray);
    }
    Merged merged = joined(state, call, session, added);
    StagedTable whole = merged.whole();
    Audited audited = waiving.of(session.audit(whole, state.output()));
    GateReport gate = report(audited, state, remaining, null);
    if (gate.verdict() == Verdict.REJECT) {
      session.discard(added.and(merged.rewritten()));
      session.discard(remaining.table());
      return new Result(run.id().value(), dataset, 0, remaining.rows(), null, gate);
    }
    OutputVersion output = audited.version(state.dataset().version());
    if (added.rows() > 0 && !isPublished(state, output)) {
      output =
          output.atVersion(
              backend
                  .tables()
                  .replace(
                      whole, state.dataset().version(), StepRunner.info(call, output.identity())));
    }
    return settle(state, call, readmission, audited, output);
  }

  /**
   * Why rows may not join: the next run would take a partition away that nothing stands behind.
   * Null if they may.
   */
  private @Nullable String stray(ReplayState state, StagedTable added) {
    if (!state.output().isByPartition()) {
      return null;
    }
    Set<String> known =
        TableParts.recorded(backend.reuse(), state.entry(), state.output().name())
            .partitions()
            .keySet();
    SortedSet<String> others = new TreeSet<>();
    added.files().forEach(file -> others.add(PartitionNames.of(file.partition())));
    others.removeAll(known);
    return others.isEmpty()
        ? null
        : "rows would join "
            + state.output().name()
            + " in partitions that it does not have: "
            + others.stream().limit(NAMED).map(PartitionNames::shown).collect(joining(", "))
            + (others.size() > NAMED ? " and " + (others.size() - NAMED) + " more" : "")
            + "; the next run would remove them, for no input is there. Correct the value, or give"
            + " the rows to the input of that partition";
  }

  /** A row that is let back in takes the place of an older one with its keys, as in a run. */
  private static Merged joined(
      ReplayState state, AttemptCall call, AttemptSession session, StagedTable added) {
    StagedTable current = staged(state.dataset(), state.output(), call);
    return state.output().merges() && added.rows() > 0
        ? session.merge(added, state.output(), state.dataset())
        : new Merged(current.and(added), added.withFiles(List.of()));
  }

  /** Merging the same rows again changes nothing: then an earlier replay died after its commit. */
  private boolean isPublished(ReplayState state, OutputVersion output) {
    return state.output().merges()
        && backend
            .tables()
            .findContent(state.dataset().uri(), state.dataset().version())
            .filter(output.identity()::equals)
            .isPresent();
  }

  /** What rows are judged beside; a merge writes rows of others into files of its own. */
  private static List<DataFile> published(ReplayState state) {
    return state.output().merges() ? state.dataset().files() : state.files();
  }

  /** The dataset was committed by a replay that died: only the rest is to be done. */
  private Result finish(
      ReplayState state, AttemptCall call, AttemptSession session, Readmission unused) {
    session.discard(unused.added());
    StagedTable before = staged(state.dataset(), state.output(), call);
    Audited audited = session.audit(before, state.output());
    ContentDigest owner =
        ContentDigest.parse(state.owner().substring(0, state.owner().indexOf('#')));
    if (!owner.plus(unused.content()).equals(audited.digest())) {
      session.discard(unused.remaining().table());
      throw new EngineException(
          ErrorType.PUBLISH_CONFLICT,
          "an earlier replay of "
              + state.apart().uri()
              + " v"
              + state.apart().version()
              + " added other rows than this one would, and did not end: replay with the gate and"
              + " the corrected rows of that time, or `mlpipeline run` the pipeline, which takes"
              + " them back, and replay then");
    }
    return settle(state, call, unused, audited, audited.version(state.dataset().version()));
  }

  /** The reuse entry comes before the quarantine: rows are in both for a moment, never in none. */
  private Result settle(
      ReplayState state,
      AttemptCall call,
      Readmission readmission,
      Audited audited,
      OutputVersion output) {
    SetApart remaining = readmission.remaining();
    OutputVersion table = remaining.version(state.apart().version() + 1);
    GateReport gate = report(audited, state, remaining, table);
    OutputVersion known =
        TableParts.joined(backend.reuse(), state.entry(), output, audited.partitions());
    remember(state, call, known, gate);
    String content = Quarantines.content(table.identity(), output.identity());
    backend
        .tables()
        .replace(remaining.table(), state.apart().version(), StepRunner.info(call, content));
    return new Result(
        run.id().value(),
        state.output().name(),
        readmission.added().rows(),
        remaining.rows(),
        output,
        gate);
  }

  private void remember(
      ReplayState state, AttemptCall call, OutputVersion output, GateReport gate) {
    ReuseEntry before = state.entry();
    List<OutputVersion> outputs = new ArrayList<>();
    before.outputs().forEach(o -> outputs.add(o.name().equals(output.name()) ? output : o));
    List<GateReport> gates = new ArrayList<>();
    before.gates().forEach(g -> gates.add(g.dataset().equals(gate.dataset()) ? gate : g));
    boolean warns = gates.stream().anyMatch(g -> g.verdict() == Verdict.WARN);
    ReuseEntry entry =
        new ReuseEntry(
            before.pipeline(),
            before.step(),
            before.fingerprint(),
            VerdictKey.undelivered(before.verdictKey()), // the next run delivers what joined
            warns ? Verdict.WARN : Verdict.PASS,
            call.run(),
            call.attempt(),
            backend.clock().instant(),
            outputs,
            before.metrics(),
            List.of(),
            List.of(),
            gates);
    backend.reuse().add(entry);
    LastState last = backend.reuse().loadLast(before.pipeline());
    SortedMap<String, ReuseEntry> steps = new TreeMap<>(last.steps());
    steps.put(entry.step(), entry);
    backend.reuse().saveLast(new LastState(last.pipeline(), steps));
  }

  /** Counts of earlier days do not fit the whole any more, so the account is not asked again. */
  private static GateReport report(
      Audited audited, ReplayState state, SetApart remaining, @Nullable OutputVersion table) {
    List<RuleOutcome> outcomes = new ArrayList<>(audited.gate().outcomes());
    QuarantineReport apart = new QuarantineReport(remaining.rows(), remaining.byRule(), table);
    Sieve.tell(outcomes, remaining.byRule());
    return GateReport.of(state.output().name(), outcomes, apart);
  }

  private static List<LineageInput> read(ReplayState state, AttemptCall call) {
    List<LineageInput> inputs = new ArrayList<>();
    StagedTable apart = staged(state.apart(), state.output(), call);
    inputs.add(
        new LineageInput(
            "quarantine",
            apart.name(),
            apart.uri(),
            state.apart().version(),
            state.apart().tableId(),
            apart.rows(),
            apart.bytes()));
    call.inputs().stream().map(LineageInput::of).forEach(inputs::add);
    return inputs;
  }

  private void record(ReplayState state, AttemptCall call, Result result, Instant started) {
    new LineageWriter(backend.ledger(), run)
        .replay(
            state.step().name(),
            state.entry(),
            result,
            read(state, call),
            started,
            backend.clock().instant());
  }

  private static StagedTable staged(TableLog.Snapshot table, OutputSpec output, AttemptCall call) {
    String uri = relative(table, output, call);
    return new StagedTable(
        output.port(),
        uri.substring(uri.indexOf('/') + 1),
        uri,
        call.attempt(),
        table.schemaJson(),
        table.partitionBy(),
        table.files());
  }

  private static String relative(TableLog.Snapshot table, OutputSpec output, AttemptCall call) {
    String uri = call.pipeline() + "/" + output.name();
    return QuarantineTable.isReserved(table.uri()) ? QuarantineTable.of(uri) : uri;
  }
}
