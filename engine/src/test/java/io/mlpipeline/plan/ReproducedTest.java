package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Likeness;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts on steps that were run again. */
class ReproducedTest {

  private static final IngredientChange CODE = new IngredientChange("code.a.B", "1", "2");

  private static Reproduced judge(String promise, String drift, String... degrees) {
    List<Likeness> outputs =
        Arrays.stream(degrees)
            .map(Likeness.Degree::valueOf)
            .map(d -> d == Likeness.Degree.SAME ? Likeness.same("t") : differing(d))
            .toList();
    return Reproduced.judge(
        "step",
        Reproduced.Promise.valueOf(promise),
        drift.equals("code") ? List.of(CODE) : List.of(),
        outputs);
  }

  private static Likeness differing(Likeness.Degree degree) {
    return new Likeness("t", degree, List.of("column x differs"));
  }

  @ParameterizedTest
  @CsvSource({
    "DETERMINISTIC, none, SAME,             IDENTICAL",
    "MAY_DIFFER,    none, SAME,             IDENTICAL",
    "DETERMINISTIC, code, SAME,             IDENTICAL",
    "DETERMINISTIC, none, WITHIN_TOLERANCE, EQUIVALENT",
    "DETERMINISTIC, code, WITHIN_TOLERANCE, EQUIVALENT",
    "MAY_DIFFER,    none, OTHER,            EQUIVALENT",
    "MAY_DIFFER,    code, OTHER,            DRIFTED",
    "DETERMINISTIC, none, OTHER,            DRIFTED",
    "DETERMINISTIC, code, OTHER,            DRIFTED",
  })
  void contentDecidesThenWhatChangedThenThePromise(
      String promise, String drift, String degree, Reproduced.Outcome outcome) {
    assertThat(judge(promise, drift, degree).outcome()).isEqualTo(outcome);
    assertThat(judge(promise, drift, "SAME", degree).outcome()).isEqualTo(outcome);
    assertThat(judge(promise, drift, degree, "SAME").outcome()).isEqualTo(outcome);
  }

  @Test
  void saysWhatChangedFirstAndThenWhatDiffers() {
    assertThat(judge("DETERMINISTIC", "code", "OTHER").why())
        .containsExactly("code.a.B 1 -> 2", "t: column x differs");
    assertThat(judge("DETERMINISTIC", "code", "SAME").why()).containsExactly("code.a.B 1 -> 2");
    assertThat(judge("DETERMINISTIC", "none", "SAME").why()).isEmpty();
    assertThat(judge("DETERMINISTIC", "none", "OTHER").why().get(1)).contains("--audit");
    assertThat(judge("MAY_DIFFER", "none", "OTHER").why().get(1)).contains("declared");
  }

  @Test
  void theWorstStepDecidesAndNoStepIsNoReproduction() {
    Reproduced identical = judge("DETERMINISTIC", "none", "SAME");
    Reproduced drifted = judge("DETERMINISTIC", "none", "OTHER");
    Reproduced gone = Reproduced.impossible("s", List.of("file a.csv is gone"), List.of());
    assertThat(Reproduced.whole(List.of(identical))).isEqualTo(Reproduced.Outcome.IDENTICAL);
    assertThat(Reproduced.whole(List.of(drifted, identical))).isEqualTo(Reproduced.Outcome.DRIFTED);
    assertThat(Reproduced.whole(List.of(gone, drifted))).isEqualTo(Reproduced.Outcome.IMPOSSIBLE);
    assertThat(Reproduced.whole(List.of())).isEqualTo(Reproduced.Outcome.IMPOSSIBLE);
  }

  @Test
  void longValuesAreNotSpelledOut() {
    IngredientChange query = new IngredientChange("params.query", "x".repeat(50), "y");
    IngredientChange added = new IngredientChange("params.seed", null, "1");
    IngredientChange lost = new IngredientChange("params.old", "1", null);
    assertThat(
            Reproduced.judge(
                    "s",
                    Reproduced.Promise.DETERMINISTIC,
                    List.of(query, added, lost),
                    List.of(Likeness.same("t")))
                .why())
        .containsExactly("params.query changed", "params.seed is new", "params.old is gone");
  }
}
