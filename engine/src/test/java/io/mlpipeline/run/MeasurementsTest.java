package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mlpipeline.delta.StoredGates;
import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.testkit.InMemoryObjectStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeasurementsTest {

  private static final Instant AT = Instant.parse("2024-06-01T02:00:00Z");
  private static final AttemptCall CALL =
      new AttemptCall(
          "p",
          "r1",
          "r1-s-1",
          new StepSpec(
              "s",
              "S",
              Collections.emptySortedMap(),
              new Params(Collections.emptySortedMap()),
              List.of(),
              new RuntimeSpec(0, null, Duration.ZERO),
              SourceLocation.UNKNOWN),
          List.of(),
          List.of());

  private final GateStore gates = new StoredGates(new InMemoryObjectStore());

  @Test
  void keepsWhatEveryRuleObservedAndTheRows() {
    Audited audited =
        audited(
            outcome(false, Map.of("Column.x.Mean", 5.0, "Column.x.Mean.lower", 1.0)),
            outcome(true, Map.of("Column.x.Mean", 5.0, "Column.x.Mean.lower", 2.0)),
            outcome(true, Map.of("Column.x.Mean.upper", 9.0, "Column.x.Sum", Double.NaN)),
            outcome(true, Map.of("Column.x.Mean.upper", 8.0)));
    new Measurements(gates, () -> AT).outputs(CALL, List.of(audited));
    assertThat(gates.newest("p", "d", 9))
        .containsExactly(
            new Measurement(
                "p",
                "d",
                "r1",
                "r1-s-1",
                AT,
                audited.digest() + "#schema",
                Verdict.REJECT,
                new TreeMap<>(
                    Map.of(
                        "Dataset.*.RowCount", 7.0,
                        "Column.x.Mean", 5.0,
                        "Column.x.Mean.lower", 2.0,
                        "Column.x.Mean.upper", 8.0))));
  }

  @Test
  void aTableWithoutRulesLeavesItsRows() {
    new Measurements(gates, () -> AT).outputs(CALL, List.of(audited()));
    assertThat(gates.newest("p", "d", 9))
        .singleElement()
        .satisfies(one -> assertThat(one.metrics()).containsOnlyKeys("Dataset.*.RowCount"));
  }

  @Test
  void aStoreThatFailsFailsNoRun() {
    GateStore broken =
        (GateStore)
            Proxy.newProxyInstance(
                GateStore.class.getClassLoader(),
                new Class<?>[] {GateStore.class},
                (proxy, method, args) -> {
                  throw new IllegalStateException("the disk is full");
                });
    assertThatCode(() -> new Measurements(broken, () -> AT).outputs(CALL, List.of(audited())))
        .doesNotThrowAnyException();
  }

  private static RuleOutcome outcome(boolean passed, Map<String, Double> observed) {
    GateRule rule = new GateRule("r", Severity.BLOCK, "rule", SourceLocation.UNKNOWN);
    return new RuleOutcome(rule, passed, passed ? null : "no", new TreeMap<>(observed));
  }

  private static Audited audited(RuleOutcome... outcomes) {
    StagedTable table = new StagedTable("d", "d", "p/d", "r1-s-1", "{}", List.of(), List.of());
    return new Audited(
        table, new ContentDigest(7, 1, 2), "schema", GateReport.of("d", List.of(outcomes)));
  }
}
