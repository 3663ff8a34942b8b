package io.mlpipeline.run;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.plan.StepDecision;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Staged;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.step.StepOutput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The life of one step: bind, read pinned inputs, run, stage, audit, publish, record. */
final class StepRunner {

  private final Backend backend;
  private final RunContext run;
  private final StepBinder binder;
  private final Publisher publisher;
  private final Measurements measurements;
  private final Quarantines quarantines;
  private final Watch watch;
  private final Waiving waiving;
  private final Registrations registrations;
  private final Outbox outbox;
  private final Provenances provenances;

  StepRunner(Backend backend, RunContext run, Watch watch) {
    this.backend = backend;
    this.run = run;
    this.binder = new StepBinder(backend.steps());
    this.publisher = new Publisher(backend.tables(), backend.models(), backend.reuse(), run);
    this.measurements = new Measurements(backend.gates(), backend.clock());
    this.quarantines = new Quarantines(backend.tables());
    this.watch = watch;
    this.waiving = new Waiving(backend.gates(), backend.clock(), run.spec().name());
    this.registrations = new Registrations(backend, run);
    this.outbox = new Outbox(backend.reuse());
    this.provenances =
        new Provenances(backend.reuse(), backend.registry(), run.spec().name(), run.warehouse());
  }

  /** What an attempt came to; failures are thrown instead. */
  record Ended(
      StepStatus status,
      List<OutputVersion> outputs,
      SortedMap<String, Double> metrics,
      List<GateReport> gates,
      List<ReuseEntry> recorded) {}

  /** Computes the step. A rejection is a result; everything else that goes wrong is thrown. */
  Ended execute(StepDecision decision, Ancestry ancestry, int attempt) throws Exception {
    return execute(decision, ancestry, attempt, new PartitionTurns());
  }

  /** Computes some partitions of the step beside other attempts, which publish in turns. */
  Ended execute(StepDecision decision, Ancestry ancestry, int attempt, PartitionTurns turns)
      throws Exception {
    StepSpec step = decision.step();
    AttemptCall bound = bind(decision, attempt);
    AttemptCall call = bound.from(provenances.of(bound.inputs(), ancestry));
    Map<String, Long> bases = publisher.heads(step);
    try (AttemptSession session = backend.sessions().get().open(call);
        Watch.Guard guard = watch.guard(step, session)) {
      at(step, "reading");
      StepBinder.Bound ready = binder.bind(step, className(step));
      List<GateReport> gates = auditInputs(session, call);
      if (rejects(gates)) {
        return rejected(decision, call, Staged.NOTHING, gates);
      }
      Staged staged = staged(ready, session, call);
      AttemptCall turn = turns.begin(call);
      try {
        Attempted attempted =
            new Attempted(decision, turn, session, guard, turns.bases(bases), ancestry);
        return judge(attempted, staged, gates, turns);
      } finally {
        turns.end();
      }
    }
  }

  /** An attempt that has staged what its step gave. */
  private record Attempted(
      StepDecision decision,
      AttemptCall call,
      AttemptSession session,
      Watch.Guard guard,
      Map<String, Long> bases,
      Ancestry ancestry) {}

  private Ended judge(Attempted at, Staged staged, List<GateReport> gates, PartitionTurns turns) {
    Sieve.Judged judged = judged(at, staged, gates);
    if (rejects(gates)) {
      judged.kept().forEach(at.session()::discard); // the whole is kept, to be judged again
      return rejected(at.decision(), at.call(), staged, gates);
    }
    Ended ended = publish(at, staged, judged, gates);
    turns.published(ended, judged.audits());
    return ended;
  }

  /** Adds to the reports what the gates of now say of what is staged. */
  private Sieve.Judged judged(Attempted at, Staged staged, List<GateReport> gates) {
    at(at.call().step(), "auditing");
    Sieve.Judged judged = sieve(at.session(), at.call(), at.bases()).judge(staged);
    measurements.outputs(at.call(), judged.audits());
    gates.addAll(judged.gates());
    at.guard().check();
    return judged;
  }

  private Ended publish(Attempted at, Staged staged, Sieve.Judged judged, List<GateReport> gates) {
    AttemptCall call = at.call();
    AttemptSession session = at.session();
    at(call.step(), "publishing");
    List<GateReport> reports =
        Quarantines.withTables(
            gates,
            quarantines.publish(call, session.inputsApart(), judged.apart(), judged.audits()));
    Publisher.Published published = publisher.publish(call, staged, judged.audits(), at.bases());
    published = registrations.register(call.step(), staged.registered(), at.ancestry(), published);
    Result result =
        delivered(
            at.decision(),
            call,
            session,
            judged.tables(),
            new Result(published, staged.metrics(), reports));
    published.superfluous().forEach(table -> session.discard(judged.own(table)));
    judged.replaced().forEach(session::discard);
    return record(at.decision(), call, result);
  }

  /** What the step gives, staged; where partitions only vanished there is nothing to compute. */
  private Staged staged(StepBinder.Bound ready, AttemptSession session, AttemptCall call)
      throws Exception {
    PartitionWork work = call.partitions();
    if (work != null && work.asked().isEmpty() && work.base() != null) {
      return new Replacements(backend.tables()).nothing(call);
    }
    at(call.step(), "running");
    StepOutput output = ready.run(session.context());
    at(call.step(), "staging");
    return session.stage(output);
  }

  /** Judges files that exist against the gates of now, and publishes them if they were not. */
  Ended reaudit(StepDecision decision, Ancestry ancestry, int attempt) throws Exception {
    StepSpec step = decision.step();
    ReuseEntry entry = Objects.requireNonNull(decision.entry());
    AttemptCall call = bind(decision, attempt);
    Map<String, Long> bases = publisher.heads(step);
    try (AttemptSession session = backend.sessions().get().open(call);
        Watch.Guard guard = watch.guard(step, session)) {
      at(step, "auditing");
      List<GateReport> gates = auditInputs(session, call);
      Attempted attempted = new Attempted(decision, call, session, guard, bases, ancestry);
      return entry.verdict() == Verdict.REJECT
          ? judgeKept(attempted, gates)
          : judgePublished(attempted, gates);
    }
  }

  /** What was rejected may be published now. */
  private Ended judgeKept(Attempted at, List<GateReport> gates) {
    ReuseEntry entry = Objects.requireNonNull(at.decision().entry());
    Staged staged = Rejudged.kept(at.call().step(), entry);
    Sieve.Judged judged = judged(at, staged, gates);
    if (rejects(gates)) {
      judged.kept().forEach(at.session()::discard);
      return new Ended(StepStatus.REJECTED, List.of(), entry.metrics(), gates, List.of());
    }
    return publish(at, staged, judged, gates);
  }

  /** Published files stay visible whatever is said now: they passed the gates of their time. */
  private Ended judgePublished(Attempted at, List<GateReport> gates) {
    AttemptCall call = at.call();
    StepDecision decision = at.decision();
    ReuseEntry entry = Objects.requireNonNull(decision.entry());
    List<StagedTable> tables = publisher.published(entry);
    for (Audited audit : audit(at.session(), call, tables)) {
      OutputSpec output = call.step().output(audit.table().port()).orElseThrow();
      gates.add(Rejudged.published(audit.gate(), output, audit.digest().rows(), entry));
    }
    at.session().inputsApart().forEach(apart -> at.session().discard(apart.table()));
    at.guard().check();
    if (rejects(gates)) {
      return new Ended(StepStatus.REJECTED, List.of(), entry.metrics(), gates, List.of());
    }
    at(call.step(), "publishing");
    List<OutputVersion> outputs = publisher.restore(call, entry.outputs(), decision.restore());
    Publisher.Published published = new Publisher.Published(outputs, false, List.of());
    Result result =
        delivered(
            decision, call, at.session(), tables, new Result(published, entry.metrics(), gates));
    return record(decision, call, result);
  }

  /** What there is to put on record. */
  private record Result(
      Publisher.Published published, SortedMap<String, Double> metrics, List<GateReport> gates) {}

  /** Sinks follow what is published; only then is the step done. */
  private Result delivered(
      StepDecision decision,
      AttemptCall call,
      AttemptSession session,
      List<StagedTable> tables,
      Result result) {
    if (!Outbox.isAsked(call.step())) {
      return result;
    }
    at(call.step(), "delivering");
    SortedMap<String, Double> metrics = new TreeMap<>(result.metrics());
    metrics.putAll(outbox.deliver(session, call.step(), entry(decision, call, result), tables));
    return new Result(result.published(), metrics, result.gates());
  }

  /** Makes the reused versions the heads of their tables again; needs no Spark. */
  Ended restore(StepDecision decision) {
    ReuseEntry entry = Objects.requireNonNull(decision.entry());
    AttemptCall call = bind(decision, 1);
    at(decision.step(), "publishing");
    List<OutputVersion> outputs = publisher.restore(call, entry.outputs(), decision.restore());
    Publisher.Published published = new Publisher.Published(outputs, false, List.of());
    Ended ended = record(decision, call, new Result(published, entry.metrics(), entry.gates()));
    return new Ended(
        StepStatus.REUSED, ended.outputs(), ended.metrics(), ended.gates(), ended.recorded());
  }

  private AttemptCall bind(StepDecision decision, int attempt) {
    List<PinnedInput> inputs = new ArrayList<>();
    PartitionWork work = decision.partitions();
    for (PinnedInput input : decision.inputs()) {
      OutputVersion output = input.output();
      inputs.add(
          output == null
              ? ReadFiles.of(input, run.spec(), work)
              : new PinnedInput(
                  input.port(), input.dataset(), null, Heads.readable(backend.tables(), output)));
    }
    StepSpec step = decision.step();
    AttemptCall call =
        new AttemptCall(
            run.spec().name(),
            run.id().value(),
            run.id().attempt(step.name(), attempt),
            step,
            inputs,
            run.spec().inputs(),
            Collections.emptySortedMap(),
            run.spec().modelClasses(),
            null);
    return call.making(work);
  }

  private Sieve sieve(AttemptSession session, AttemptCall call, Map<String, Long> bases) {
    return new Sieve(
        session,
        call,
        waiving,
        new Merges(session, backend.tables(), bases),
        new Replacements(backend.tables()));
  }

  private List<GateReport> auditInputs(AttemptSession session, AttemptCall call) {
    List<GateReport> gates = new ArrayList<>(waiving.of(session.auditInputs()));
    measurements.inputs(call, gates);
    return gates;
  }

  private List<Audited> audit(AttemptSession session, AttemptCall call, List<StagedTable> tables) {
    List<Audited> audits = new ArrayList<>();
    for (StagedTable table : tables) {
      OutputSpec output = call.step().output(table.port()).orElseThrow();
      audits.add(waiving.of(session.audit(table, output)));
    }
    measurements.outputs(call, audits);
    return audits;
  }

  private Ended rejected(
      StepDecision decision, AttemptCall call, Staged staged, List<GateReport> gates) {
    ReuseEntry entry = entry(decision, call, Verdict.REJECT, List.of(), staged, gates);
    backend.reuse().add(entry);
    return new Ended(StepStatus.REJECTED, List.of(), staged.metrics(), gates, List.of(entry));
  }

  private Ended record(StepDecision decision, AttemptCall call, Result result) {
    ReuseEntry entry = entry(decision, call, result);
    backend.reuse().add(entry);
    StepStatus status =
        result.published().unchanged() ? StepStatus.UNCHANGED : StepStatus.SUCCEEDED;
    return new Ended(
        status, result.published().outputs(), entry.metrics(), result.gates(), List.of(entry));
  }

  private ReuseEntry entry(StepDecision decision, AttemptCall call, Result result) {
    boolean warns = result.gates().stream().anyMatch(g -> g.verdict() == Verdict.WARN);
    return entry(
        decision,
        call,
        warns ? Verdict.WARN : Verdict.PASS,
        result.published().outputs(),
        new Staged(List.of(), List.of(), result.metrics()),
        result.gates());
  }

  private ReuseEntry entry(
      StepDecision decision,
      AttemptCall call,
      Verdict verdict,
      List<OutputVersion> outputs,
      Staged staged,
      List<GateReport> gates) {
    return new ReuseEntry(
        call.pipeline(),
        call.step().name(),
        Objects.requireNonNull(decision.fingerprint()),
        decision.verdictKey(),
        verdict,
        call.run(),
        call.attempt(),
        backend.clock().instant(),
        outputs,
        new TreeMap<>(staged.metrics()),
        Stream.concat(staged.tables().stream(), staged.apart().stream()).toList(),
        staged.models(),
        gates);
  }

  private static boolean rejects(List<GateReport> gates) {
    return gates.stream().anyMatch(g -> g.verdict() == Verdict.REJECT);
  }

  private String className(StepSpec step) {
    return Objects.requireNonNull(run.code().get(step.name())).className();
  }

  private void at(StepSpec step, String phase) {
    run.listener().stepAt(step.name(), phase);
  }

  /** The metrics of nothing. */
  static SortedMap<String, Double> none() {
    return Collections.emptySortedMap();
  }

  /** Who commits what. */
  static TableLog.CommitInfo info(AttemptCall call, String content) {
    return new TableLog.CommitInfo(call.run(), call.step().name(), call.attempt(), content);
  }
}
