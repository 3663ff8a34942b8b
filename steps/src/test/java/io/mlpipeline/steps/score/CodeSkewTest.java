package io.mlpipeline.steps.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.StepRecipe;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CodeSkewTest {

  private static final StepRecipe INGEST = recipe("ingest", "code.Ingest", "aa");
  private static final StepRecipe FEATURES =
      recipe("features", "code.Sql", "bb", "params.query", "SELECT 1", "params.window", "30");
  private static final Provenance MODEL =
      new Provenance("churn@1.4.0", List.of(INGEST, FEATURES), Set.of("c1:7"), null);

  @Test
  void theSameCodeAndParamsAreNoSkewWhateverTheStepIsCalled() {
    StepRecipe same =
        recipe(
            "score_features", "code.Sql", "bb", "params.query", "SELECT 1", "params.window", "30");
    assertThat(CodeSkew.between(rows(same), "c1:9", MODEL)).isEmpty();
  }

  @Test
  void anotherParamIsNamedWithItsValueThenAndNow() {
    StepRecipe other =
        recipe("features", "code.Sql", "bb", "params.query", "SELECT 1", "params.window", "14");
    assertThat(CodeSkew.between(rows(other), "c1:9", MODEL))
        .hasValue(
            "churn/features@v3 was made by step features in another way than what churn@1.4.0"
                + " learned from (its step features): params.window 30 -> 14");
  }

  @Test
  void otherCodeIsNamedByItsClass() {
    StepRecipe other =
        recipe("features", "code.Sql", "cc", "params.query", "SELECT 1", "params.window", "30");
    assertThat(CodeSkew.between(rows(other), "c1:9", MODEL))
        .get()
        .asString()
        .contains("code.Sql bb -> cc");
  }

  @Test
  void rowsThatLedToTheModelAreTheSameWhateverMadeThem() {
    assertThat(CodeSkew.between(rows(recipe("x", "code.X", "x")), "c1:7", MODEL)).isEmpty();
  }

  @Test
  void whatNobodyKnowsIsNotCompared() {
    Provenance unknown = new Provenance("elsewhere", List.of(), Set.of(), null);
    assertThat(CodeSkew.between(unknown, "c1:9", MODEL)).isEmpty();
    assertThat(CodeSkew.isKnown(unknown)).isFalse();
  }

  private static Provenance rows(StepRecipe recipe) {
    return new Provenance("churn/features@v3", List.of(recipe), Set.of(), null);
  }

  private static StepRecipe recipe(String step, String... ingredients) {
    Map<String, String> all = new TreeMap<>();
    for (int i = 0; i < ingredients.length; i += 2) {
      all.put(ingredients[i], ingredients[i + 1]);
    }
    return new StepRecipe(step, new TreeMap<>(all));
  }
}
