package io.mlpipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which datasets the rules of a pipeline may name. */
class GateReferencesTest {

  private static final SourceLocation AT = new SourceLocation("p.conf", 7);

  @Test
  void aStepsGateSeesItsInputsAndWhatItRefersTo() {
    assertThat(problems(GateSpec.OPEN, gate("orders", "customers"))).isEmpty();
    assertThat(problems(GateSpec.OPEN, gate("orders", "stock")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.at()).isEqualTo(AT);
              assertThat(problem.message()).contains("reads \"stock\"");
              assertThat(problem.suggestion())
                  .contains("references: [...]", "it sees customers, orders");
            });
    GateSpec referring = new GateSpec(gate("stock").rules(), 0, List.of("stock"));
    assertThat(problems(GateSpec.OPEN, referring)).isEmpty();
  }

  @Test
  void anInputsGateSeesOnlyWhatItRefersTo() {
    assertThat(problems(gate("customers"), GateSpec.OPEN)).hasSize(1);
    GateSpec referring = new GateSpec(gate("customers").rules(), 0, List.of("customers"));
    assertThat(problems(referring, GateSpec.OPEN)).isEmpty();
  }

  private static List<Problem> problems(GateSpec input, GateSpec output) {
    InputSpec orders =
        new InputSpec(
            "orders",
            InputKind.FILES,
            "/o",
            "csv",
            new TreeMap<>(),
            null,
            null,
            null,
            input,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            AT);
    StepSpec step =
        new StepSpec(
            "clean",
            "sql",
            new TreeMap<>(Map.of("rows", "orders", "other", "customers")),
            Params.NONE,
            List.of(new OutputSpec("out", "clean", null, List.of(), List.of(), output, AT)),
            RuntimeSpec.DEFAULT,
            AT);
    return GateChecks.problems(
        new PipelineSpec("p", "local", List.of(orders), List.of(step), List.of(), AT));
  }

  private static GateSpec gate(String... references) {
    return new GateSpec(
        java.util.Arrays.stream(references)
            .map(name -> "RowCountMatch \"" + name + "\" >= 0.9")
            .map(text -> new GateRule("r", Severity.BLOCK, text, AT))
            .toList());
  }
}
