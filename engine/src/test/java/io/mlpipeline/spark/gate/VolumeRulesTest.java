package io.mlpipeline.spark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeRulesTest {

  private static final SourceLocation AT = new SourceLocation("p.conf", 3);

  private static GateSpec gate(String text, Severity severity) {
    return new GateSpec(List.of(new GateRule("the-id", severity, text, AT)), 0.01, List.of());
  }

  private static VolumeRules.Eased onePercent(String text) {
    return VolumeRules.scaled(gate(text, Severity.BLOCK), Sampling.share("1%"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RowCount > 1000                | RowCount > 10",
        "RowCount >= 150                | RowCount >= 1",
        "RowCount < 150                 | RowCount < 2",
        "RowCount between 3300 and 30001| RowCount between 33 and 301"
      })
  void boundsOfRowCountAreScaledAndWarn(String text, String scaled) {
    VolumeRules.Eased eased = onePercent(text);
    assertThat(eased.gate().rules())
        .containsExactly(new GateRule("the-id", Severity.WARN, scaled, AT));
    assertThat(eased.notes())
        .containsExactly(
            text
                + " judged as "
                + scaled.substring("RowCount ".length())
                + " on a 1% sample, as a warning");
  }

  @Test
  void anExactCountCannotHoldAndIsNotJudged() {
    VolumeRules.Eased eased = onePercent("RowCount = 1000");
    assertThat(eased.gate().rules()).isEmpty();
    assertThat(eased.notes())
        .containsExactly("RowCount = 1000 cannot hold on a 1% sample and is not judged");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sum \"amount\" > 1000000",
        "DistinctValuesCount \"region\" >= 4",
        "(RowCount > 1000) and (IsUnique \"id\")",
        "RowCount > 10 where \"plan = 'a'\"",
        "ReferentialIntegrity \"id\" \"customers.id\" >= 1.0"
      })
  void otherRulesThatCountOnlyWarn(String text) {
    VolumeRules.Eased eased = onePercent(text);
    assertThat(eased.gate().rules())
        .containsExactly(new GateRule("the-id", Severity.WARN, text, AT));
    assertThat(eased.notes()).containsExactly(text + " only warns on a 1% sample");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"IsUnique \"id\"", "Completeness \"age\" > 0.8", "RowCount > 0", "Mean \"x\" < 4"})
  void whatDoesNotDependOnTheNumberOfRowsStaysAsItIs(String text) {
    VolumeRules.Eased eased = onePercent(text);
    assertThat(eased.gate()).isEqualTo(gate(text, Severity.BLOCK));
    assertThat(eased.notes()).isEmpty();
  }

  @Test
  void aHandfulOfRowsMaySetAsideAnyShareWhereSomeMay() {
    GateSpec eased = VolumeRules.ofFewRows(gate("RowCount > 10", Severity.BLOCK), Set.of());
    assertThat(eased.rules().get(0).severity()).isEqualTo(Severity.WARN);
    assertThat(eased.maxQuarantine()).isEqualTo(1);
    GateSpec none = new GateSpec(List.of());
    assertThat(VolumeRules.ofFewRows(none, Set.of()).maxQuarantine()).isZero();
  }

  @Test
  void aRuleThatIsExpectedToRejectIsJudgedAsItIs() {
    GateSpec gate = gate("RowCount > 10", Severity.BLOCK);
    assertThat(VolumeRules.ofFewRows(gate, Set.of("RowCount > 10")).rules())
        .isEqualTo(gate.rules());
    assertThat(VolumeRules.ofFewRows(gate, Set.of("the-id")).rules()).isEqualTo(gate.rules());
  }
}
