package io.mlpipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a run was asked for, and with which code, comes back out of its facts. */
class AskedStepsTest {

  private static final Set<String> STEPS = Set.of("a", "b", "c");

  @Test
  void aRunOfEverythingSaysNothing() {
    assertThat(AskedSteps.facts(RunRequest.ALL)).isEmpty();
    assertThat(AskedSteps.rest(Map.of(), STEPS, Set.of("a"))).isEqualTo(RunRequest.ALL);
  }

  @Test
  void stepsAndPartitionsComeBack() {
    PartitionChoice days =
        new PartitionChoice(
            PartitionTime.find("2026-01-01").orElseThrow(),
            PartitionTime.find("2026-01-31T07").orElseThrow(),
            3,
            PartitionChoice.Steps.BY_PARTITION);
    RunRequest asked = new RunRequest(null, "a", "b", Set.of(), false, days);
    assertThat(AskedSteps.rest(AskedSteps.facts(asked), STEPS, Set.of())).isEqualTo(asked);
    RunRequest one = new RunRequest("c", null, null, Set.of(), false);
    assertThat(AskedSteps.rest(AskedSteps.facts(one), STEPS, Set.of())).isEqualTo(one);
  }

  @Test
  void whatWasForcedAndMadeIsNotForcedAgain() {
    RunRequest some = new RunRequest(null, null, null, Set.of("a", "b"), false);
    assertThat(AskedSteps.rest(AskedSteps.facts(some), STEPS, Set.of("a")).forced())
        .containsExactly("b");
    RunRequest all = new RunRequest(null, null, null, Set.of(), true);
    assertThat(AskedSteps.rest(AskedSteps.facts(all), STEPS, Set.of("a")).forced())
        .containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void onlyStepsWhoseCodeIsAnotherNowAreTold() {
    Map<String, StepCode> then = Map.of("a", code("aaaaaaaaaaaaaaaa"), "b", code("bbbb"));
    Map<String, StepCode> now =
        Map.of("a", code("aaaaaaaaaaaabbbb"), "b", code("cccc"), "d", code("dddd"));
    assertThat(CodeDrift.between(CodeDrift.text(then), now))
        .containsExactly(new CodeDrift("b", "bbbb", "cccc"));
    assertThat(CodeDrift.between("", now)).isEqualTo(List.of());
  }

  private static StepCode code(String digest) {
    return new StepCode("X", digest, new TreeMap<>(), new TreeMap<>(), true);
  }
}
