package io.mlpipeline.cli;

import io.mlpipeline.Warehouse;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RuleOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What became of each rule of a pipeline when it was last judged. */
final class RuleHistory {

  /** So far back a rule that was judged again and again is surely found; a receipt is one read. */
  private static final int RUNS = 5;

  private record Key(String dataset, String rule) {}

  private final Map<Key, RuleOutcome> last = new LinkedHashMap<>();

  private RuleHistory() {}

  /** The newest runs, then what every step's last success says. */
  static RuleHistory load(Warehouse warehouse, String pipeline) {
    RuleHistory history = new RuleHistory();
    for (LineageEvent run : warehouse.ledger().runs(pipeline, RUNS)) {
      for (LineageEvent event : warehouse.ledger().run(run.runId())) {
        if (event.kind() == LineageEvent.Kind.GATE) {
          history.add(event.gates());
        }
      }
    }
    for (ReuseEntry entry : warehouse.reuse().loadLast(pipeline).steps().values()) {
      history.add(entry.gates());
    }
    return history;
  }

  private void add(List<GateReport> reports) {
    for (GateReport report : reports) {
      for (RuleOutcome outcome : report.outcomes()) {
        last.putIfAbsent(new Key(report.dataset(), outcome.rule().id()), outcome);
      }
    }
  }

  /** The newest outcome of a rule; empty if it was never judged, or only with another text. */
  Optional<RuleOutcome> find(String dataset, String rule, String text) {
    return Optional.ofNullable(last.get(new Key(dataset, rule)))
        .filter(outcome -> outcome.rule().text().equals(text));
  }

  /** The newest outcome of the rule of a dataset that meets a test. */
  Optional<RuleOutcome> find(String dataset, Predicate<RuleOutcome> wanted) {
    return last.entrySet().stream()
        .filter(entry -> entry.getKey().dataset().equals(dataset))
        .map(Map.Entry::getValue)
        .filter(wanted)
        .findFirst();
  }

  /** What a person is told of an outcome. */
  static String word(RuleOutcome outcome) {
    if (outcome.passed()) {
      boolean isUnjudged =
          outcome.message() != null && outcome.message().contains("not judged yet");
      return isUnjudged ? "not judged yet" : "holds";
    }
    return outcome.waiver() == null ? "fails" : "waived";
  }
}
