package io.mlpipeline.run;

import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.RuntimeChange;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.plan.StepDecision;
import io.mlpipeline.port.Ledger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes what happened as receipts: each attempt at once, what was reused with the run's end. */
final class LineageWriter {

  /** The status of a run that has begun; a later event of the same run says how it ended. */
  static final String RUNNING = "running";

  private final Ledger ledger;
  private final RunContext run;
  private final AtomicInteger receipts = new AtomicInteger();
  private final AtomicInteger events = new AtomicInteger();

  LineageWriter(Ledger ledger, RunContext run) {
    this.ledger = ledger;
    this.run = run;
  }

  /** What one step came to, as rows: the attempt, and one for each gate and each model. */
  List<LineageEvent> events(
      LineageEvent.Kind kind, StepDecision decision, StepReport report, Instant from, Instant to) {
    List<LineageEvent> rows = new ArrayList<>();
    rows.add(event(kind, decision, report, report.outputs(), report.gates(), from, to));
    if (kind == LineageEvent.Kind.ATTEMPT) {
      for (GateReport gate : report.gates()) {
        if (!gate.outcomes().isEmpty()) {
          rows.add(
              event(LineageEvent.Kind.GATE, decision, report, List.of(), List.of(gate), from, to));
        }
      }
      for (OutputVersion output : report.outputs()) {
        if (output.kind() == OutputKind.MODEL) {
          rows.add(
              event(
                  LineageEvent.Kind.MODEL, decision, report, List.of(output), List.of(), from, to));
        }
      }
    }
    return rows;
  }

  /** The row of the run itself. */
  LineageEvent runEvent(String status, @Nullable FailureRecord failure, Instant from, Instant to) {
    return new LineageEvent(
        nextId(),
        LineageEvent.Kind.RUN,
        run.id().value(),
        run.spec().name(),
        run.spec().environment(),
        null,
        0,
        status,
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        StepRunner.none(),
        List.of(),
        failure,
        run.facts(),
        from,
        to);
  }

  /** Makes durable what came of a replay: who added how many rows. */
  void replay(
      String step,
      ReuseEntry entry,
      Replay.Result result,
      List<LineageInput> inputs,
      Instant from,
      Instant to) {
    SortedMap<String, Double> counts =
        new TreeMap<>(
            Map.of("added", (double) result.added(), "remaining", (double) result.remaining()));
    SortedMap<String, String> facts = new TreeMap<>(run.facts());
    facts.put("decision", "replay");
    OutputVersion output = result.output();
    GateReport gate = result.gate();
    String status = (result.rejected() ? StepStatus.REJECTED : StepStatus.SUCCEEDED).word();
    write(
        List.of(
            new LineageEvent(
                nextId(),
                LineageEvent.Kind.GATE,
                run.id().value(),
                run.spec().name(),
                run.spec().environment(),
                step,
                1,
                status,
                "replay: " + result.added() + " rows added, " + result.remaining() + " stay",
                entry.fingerprint().sha256(),
                entry.fingerprint().ingredients(),
                inputs,
                output == null ? List.of() : List.of(output),
                counts,
                gate == null ? List.of() : List.of(gate),
                null,
                facts,
                from,
                to)));
  }

  /** Makes the rows durable; returns the receipt's key. */
  String write(List<LineageEvent> rows) {
    return ledger.record(new Receipt(run.id().value(), receipts.getAndIncrement(), rows));
  }

  /** The row that says that the run has begun, before anything is written. */
  void begin(Instant from) {
    write(List.of(runEvent(RUNNING, null, from, from)));
  }

  /** The rows of everything that was reused, and the run's end. */
  String end(
      List<LineageEvent> reused,
      RunStatus status,
      @Nullable FailureRecord failure,
      Instant from,
      Instant to) {
    List<LineageEvent> rows = new ArrayList<>(reused);
    rows.add(runEvent(status.word(), failure, from, to));
    return write(rows);
  }

  private LineageEvent event(
      LineageEvent.Kind kind,
      StepDecision decision,
      StepReport report,
      List<OutputVersion> outputs,
      List<GateReport> gates,
      Instant from,
      Instant to) {
    Fingerprint fingerprint = decision.fingerprint();
    return new LineageEvent(
        nextId(),
        kind,
        run.id().value(),
        run.spec().name(),
        run.spec().environment(),
        report.name(),
        report.attempts(),
        report.status().word(),
        report.reason(),
        fingerprint == null ? null : fingerprint.sha256(),
        fingerprint == null ? List.of() : fingerprint.ingredients(),
        decision.inputs().stream().map(LineageInput::of).toList(),
        outputs,
        report.metrics(),
        gates,
        kind == LineageEvent.Kind.ATTEMPT ? report.failure() : null,
        stepFacts(decision, report),
        from,
        to);
  }

  private static SortedMap<String, String> stepFacts(StepDecision decision, StepReport report) {
    SortedMap<String, String> facts = new TreeMap<>(Map.of("decision", report.decision()));
    facts.putAll(changes(decision));
    if (report.reusedFrom() != null) {
      facts.put("reused-from", report.reusedFrom());
    }
    return facts;
  }

  /** What an attempt has otherwise, because memory ran out before: by name, such as {@code x2}. */
  static SortedMap<String, String> changes(StepDecision decision) {
    SortedMap<String, String> changes = new TreeMap<>();
    for (RuntimeChange change : decision.step().runtime().changes()) {
      String factor = (change.setting().grows() ? "x" : "/") + change.factor();
      changes.put("on-oom." + change.setting().word(), factor);
    }
    return changes;
  }

  private String nextId() {
    return run.id().value() + "/" + events.getAndIncrement();
  }
}
