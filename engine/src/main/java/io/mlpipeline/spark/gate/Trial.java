package io.mlpipeline.spark.gate;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.ContractRules;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.spark.table.SchemaDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import software.amazon.glue.dqdl.model.DQRule;

/** One judging of one dataset: every rule is prepared, the scan runs, every rule is judged. */
final class Trial {

  private final Scan scan;
  private @Nullable ContentDigest digest;
  private final List<RuleOutcome> outcomes = new ArrayList<>();

  private Trial(Scan scan) {
    this.scan = scan;
  }

  /**
   * Judges rows.
   *
   * @param statistics what the rows' files say of themselves
   * @param size whether the rows are few
   * @param context what else the gate may look at
   * @param vital what else to learn in the scan
   */
  static Trial of(
      Dataset<Row> rows,
      FileStatistics statistics,
      Gauges.Size size,
      GateSpec gate,
      GateContext context,
      Vital vital) {
    Trial trial = new Trial(new Scan(rows, vital));
    History history = new History(context);
    Gauges gauges = new Gauges(rows, trial.scan, size, statistics);
    RuleTests tests = new RuleTests(rows, gauges, context, history);
    List<Finding.Test> prepared = new ArrayList<>();
    for (GateRule rule : gate.rules()) {
      Finding.Test test = prepare(rule, tests, rows);
      prepared.add(rule.id().startsWith(ContractRules.PREFIX) ? orNoRows(test, gauges) : test);
    }
    trial.scan.run();
    if (vital != Vital.NONE) {
      trial.digest = vital.digest(trial.vital()).orElse(null);
    }
    if (trial.digest != null) {
      String identity = identity(trial.digest, rows);
      history.judging(identity);
      tests.drift().judgedIs(identity);
    }
    for (int i = 0; i < prepared.size(); i++) {
      trial.outcomes.add(outcome(gate.rules().get(i), prepared.get(i).judge()));
    }
    return trial;
  }

  /** What {@link io.mlpipeline.model.OutputVersion#identity} will be of these rows. */
  private static String identity(ContentDigest digest, Dataset<Row> rows) {
    return digest + "#" + SchemaDigest.of(rows.schema());
  }

  /** The values of the vital aggregates. */
  Row vital() {
    return scan.vital().row();
  }

  /** The digest of the rows; only if the vital aggregates were asked for it. */
  ContentDigest digest() {
    return Objects.requireNonNull(digest);
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

  /** No rows break no contract; whether there should be some is for a rule to say. */
  private static Finding.Test orNoRows(Finding.Test test, Gauges gauges) {
    Measure all = gauges.chosen(Optional.empty());
    return () -> {
      boolean isEmpty = all.trouble() == null && all.count() == 0;
      return isEmpty ? new Finding(true, null, new TreeMap<>()) : test.judge();
    };
  }

  private static RuleOutcome outcome(GateRule rule, Finding finding) {
    String said = finding.reason();
    String message = said == null ? null : rule.text().strip() + ": " + said;
    return new RuleOutcome(rule, finding.passed(), message, new TreeMap<>(finding.observed()));
  }
}
