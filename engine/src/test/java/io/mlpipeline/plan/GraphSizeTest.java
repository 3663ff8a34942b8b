package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Large graphs: quick, and no stack that grows with them. The limits are ten times the need. */
class GraphSizeTest {

  private static final SourceLocation AT = new SourceLocation("big.conf", 1);

  private static StepSpec step(int i, String reads) {
    OutputSpec out = new OutputSpec("rows", "d" + i, null, List.of(), List.of(), GateSpec.OPEN, AT);
    TreeMap<String, String> inputs = new TreeMap<>();
    if (!reads.isEmpty()) {
      inputs.put("x", reads);
    }
    return new StepSpec("s" + i, "u", inputs, Params.NONE, List.of(out), RuntimeSpec.DEFAULT, AT);
  }

  /** Every step reads the one before; the file has them in the opposite order. */
  private static PipelineSpec chain(int length, String first) {
    List<StepSpec> steps = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      steps.add(step(i, i == 0 ? first : "d" + (i - 1)));
    }
    Collections.reverse(steps);
    return new PipelineSpec("big", "local", List.<InputSpec>of(), steps, List.of(), AT);
  }

  private static RunPlan plan(PipelineSpec spec) {
    Map<String, StepCode> code = new HashMap<>();
    StepCode one = new StepCode("C", "1", new TreeMap<>(), new TreeMap<>(), true);
    spec.steps().forEach(s -> code.put(s.name(), one));
    LastState last = new LastState("big", new TreeMap<>());
    History nothing = new History(Map.of(), last, Map.of(), Map.of(), Map.of(), Map.of());
    return Planner.plan(spec, RunRequest.ALL, code, nothing);
  }

  @Test
  void checksTenThousandStepsInAChain() {
    PipelineSpec spec = chain(10_000, "");
    assertTimeout(
        Duration.ofSeconds(1),
        () -> assertThat(GraphCheck.problems(spec, RunRequest.ALL)).isEmpty());
  }

  @Test
  void namesACycleOfTenThousandSteps() {
    PipelineSpec spec = chain(10_000, "d9999");
    assertTimeout(
        Duration.ofSeconds(1),
        () -> assertThat(GraphCheck.problems(spec, RunRequest.ALL)).hasSize(1));
  }

  @Test
  void checksAGraphInWhichEveryStepReadsEveryEarlierOne() {
    List<StepSpec> steps = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StepSpec plain = step(i, "");
      TreeMap<String, String> inputs = new TreeMap<>();
      for (int j = 0; j < i; j++) {
        inputs.put("p" + j, "d" + j);
      }
      steps.add(
          new StepSpec(
              plain.name(), "u", inputs, Params.NONE, plain.outputs(), plain.runtime(), AT));
    }
    PipelineSpec spec = new PipelineSpec("big", "local", List.of(), steps, List.of(), AT);
    assertTimeout(
        Duration.ofSeconds(1),
        () -> assertThat(GraphCheck.problems(spec, RunRequest.ALL)).isEmpty());
  }

  @Test
  void plansTwoThousandStepsInOrder() {
    PipelineSpec spec = chain(2_000, "");
    plan(spec);
    RunPlan plan = assertTimeout(Duration.ofSeconds(1), () -> plan(spec));
    assertThat(plan.decisions()).hasSize(2_000);
    assertThat(plan.decisions().get(0).step().name()).isEqualTo("s0");
    assertThat(plan.decisions().get(1_999).reason().text()).isEqualTo("waits for s1998");
  }

  @Test
  void plansTwoThousandStepsThatHaveNoEdges() {
    List<StepSpec> steps = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      steps.add(step(i, ""));
    }
    PipelineSpec spec = new PipelineSpec("big", "local", List.of(), steps, List.of(), AT);
    plan(spec);
    RunPlan plan = assertTimeout(Duration.ofSeconds(1), () -> plan(spec));
    assertThat(plan.needs()).hasSize(2_000);
  }
}
