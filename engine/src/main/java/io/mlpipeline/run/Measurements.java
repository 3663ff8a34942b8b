package io.mlpipeline.run;

import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.GateStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes down what gates measured, rejected or not, so that later gates can compare. No run fails
 * for it: a point that could not be written is missing from the history, and the log says so.
 */
final class Measurements {

  private static final String ROWS = "Dataset.*.RowCount";
  private static final String LOWER = ".lower";
  private static final String UPPER = ".upper";

  private final GateStore gates;
  private final InstantSource clock;

  Measurements(GateStore gates, InstantSource clock) {
    this.gates = gates;
    this.clock = clock;
  }

  /** One point for each input that was judged. */
  void inputs(AttemptCall call, List<GateReport> reports) {
    for (GateReport report : reports) {
      call.inputs().stream()
          .filter(input -> input.dataset().equals(report.dataset()))
          .map(PinnedInput::identity)
          .findFirst()
          .ifPresent(content -> add(call, report, content, metrics(report)));
    }
  }

  /** One point for each output that was audited. */
  void outputs(AttemptCall call, List<Audited> audits) {
    for (Audited audit : audits) {
      SortedMap<String, Double> metrics = metrics(audit.gate());
      metrics.put(ROWS, (double) audit.digest().rows());
      add(call, named(audit), audit.digest() + "#" + audit.schemaDigest(), metrics);
    }
  }

  private static GateReport named(Audited audit) {
    StagedTable table = audit.table();
    GateReport gate = audit.gate();
    return gate.dataset().equals(table.name())
        ? gate
        : new GateReport(table.name(), gate.verdict(), gate.outcomes(), gate.quarantine());
  }

  private void add(
      AttemptCall call, GateReport report, String content, SortedMap<String, Double> metrics) {
    try {
      gates.add(
          new Measurement(
              call.pipeline(),
              report.dataset(),
              call.run(),
              call.attempt(),
              clock.instant(),
              content,
              report.verdict(),
              metrics));
    } catch (RuntimeException e) {
      Details.LOG.warn(
          "what the gate of {} measured could not be kept: {}", report.dataset(), e.toString());
    }
  }

  /** Everything that was observed; of two bounds of one metric the narrower. */
  private static SortedMap<String, Double> metrics(GateReport report) {
    SortedMap<String, Double> all = new TreeMap<>();
    for (RuleOutcome outcome : report.outcomes()) {
      for (Map.Entry<String, Double> one : outcome.observed().entrySet()) {
        if (Double.isFinite(one.getValue())) {
          all.merge(one.getKey(), one.getValue(), (a, b) -> narrower(one.getKey(), a, b));
        }
      }
    }
    return all;
  }

  private static double narrower(String name, double first, double second) {
    if (name.endsWith(LOWER)) {
      return Math.max(first, second);
    }
    return name.endsWith(UPPER) ? Math.min(first, second) : second;
  }

  /** Loaded only where something failed: the fast path has no logging. */
  private static final class Details {
    static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(Measurements.class);
  }
}
