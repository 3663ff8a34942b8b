package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExcerptTest {

  private static final SourceLocation AT = new SourceLocation("p.conf", 1);

  /** raw -> a -> b -> d, raw2 -> c -> d. */
  private static final PipelineSpec SPEC =
      new PipelineSpec(
          "p",
          "local",
          List.of(input("raw"), input("raw2")),
          List.of(step("a", "raw"), step("b", "a"), step("c", "raw2"), step("d", "b", "c")),
          List.of(),
          AT);

  private static InputSpec input(String name) {
    return new InputSpec(
        name,
        InputKind.FILES,
        "/data/" + name,
        "csv",
        new TreeMap<>(),
        null,
        null,
        null,
        GateSpec.OPEN,
        InputSpec.Presence.REQUIRED,
        List.of(),
        null,
        AT);
  }

  private static StepSpec step(String name, String... reads) {
    TreeMap<String, String> inputs = new TreeMap<>();
    List.of(reads).forEach(read -> inputs.put(read, read));
    return new StepSpec(
        name,
        "sql",
        inputs,
        Params.NONE,
        List.of(new OutputSpec(name, name, null, List.of(), List.of(), GateSpec.OPEN, AT)),
        RuntimeSpec.DEFAULT,
        AT);
  }

  private static List<String> names(Excerpt excerpt) {
    return excerpt.steps().stream().map(StepSpec::name).toList();
  }

  @Test
  void ofOneStepEverythingAboveComesFromWhatWasPublished() {
    Excerpt excerpt = Excerpt.of(SPEC, new RunRequest("d", null, null, Set.of(), false));
    assertThat(names(excerpt)).containsExactly("d");
    assertThat(excerpt.above()).containsExactlyInAnyOrder("b", "c");
    assertThat(excerpt.external()).isEmpty();
  }

  @Test
  void ofEverythingNothingIsAbove() {
    Excerpt excerpt = Excerpt.of(SPEC, RunRequest.ALL);
    assertThat(names(excerpt)).containsExactly("a", "b", "c", "d");
    assertThat(excerpt.above()).isEmpty();
    assertThat(excerpt.external()).containsExactlyInAnyOrder("raw", "raw2");
  }

  @Test
  void betweenWhatIsGivenAndWhatIsWantedOnlyTheStepsThatAreNeededRun() {
    Excerpt excerpt = Excerpt.toMake(SPEC, Set.of("d"), Set.of("b"));
    assertThat(names(excerpt)).containsExactly("c", "d");
    assertThat(excerpt.above()).containsExactly("b");
    assertThat(excerpt.external()).containsExactly("raw2");
  }

  @Test
  void aStepMayBeNamedInsteadOfWhatItMakes() {
    assertThat(names(Excerpt.toMake(SPEC, Set.of("a"), Set.of()))).containsExactly("a");
  }
}
