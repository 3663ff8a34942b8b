package io.mlpipeline.spark.gate;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import software.amazon.glue.dqdl.model.DQRule;

/** One judging of one dataset: every rule is prepared, the scan runs, every rule is judged. */
final class Trial {

  private final Scan scan;
  private final List<RuleOutcome> outcomes = new ArrayList<>();

  private Trial(Scan scan) {
    this.scan = scan;
  }

  /**
   * Judges rows.
   *
   * @param size whether the rows are few
   * @param context what else the gate may look at
   * @param vital aggregates that share the scan and must succeed
   */
  static Trial of(
      Dataset<Row> rows, Gauges.Size size, GateSpec gate, GateContext context, Column... vital) {
    Trial trial = new Trial(new Scan(rows, vital));
    RuleTests tests = new RuleTests(rows, new Gauges(rows, trial.scan, size), context);
    List<Finding.Test> prepared = new ArrayList<>();
    for (GateRule rule : gate.rules()) {
      prepared.add(prepare(rule, tests, rows));
    }
    trial.scan.run();
    for (int i = 0; i < prepared.size(); i++) {
      trial.outcomes.add(outcome(gate.rules().get(i), prepared.get(i).judge()));
    }
    return trial;
  }

  /** The values of the vital aggregates. */
  Row vital() {
    return scan.vital().row();
  }

  List<RuleOutcome> outcomes() {
    return outcomes;
  }

  /** A rule that cannot be prepared fails, and leaves the others alone. */
  private static Finding.Test prepare(GateRule rule, RuleTests tests, Dataset<Row> rows) {
    RuleText.Parsed parsed = GateSyntax.read(rule.text(), rows.schema());
    DQRule sound = parsed.rule();
    if (sound == null || !parsed.faults().isEmpty()) {
      String why = parsed.faults().isEmpty() ? "it is no rule" : parsed.faults().get(0).toString();
      return () -> Finding.failed("not evaluated: " + why);
    }
    try {
      boolean isByRow = rule.severity() == Severity.QUARANTINE && RowLevel.isByRowOnly(sound);
      return isByRow ? tests.byRow(sound) : tests.of(sound);
    } catch (Exception e) {
      return () -> Finding.failed("not evaluated: " + Failures.words(e));
    }
  }

  private static RuleOutcome outcome(GateRule rule, Finding finding) {
    String message = finding.passed() ? null : rule.text().strip() + ": " + finding.reason();
    return new RuleOutcome(rule, finding.passed(), message, new TreeMap<>(finding.observed()));
  }
}
