package io.mlpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.testkit.FakeRegistry;
import io.mlpipeline.testkit.ModelHistory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "churn, churn",
    "churn@production, churn@production",
    "churn@staging, churn@staging",
    "churn@1.4.0, churn@1.4.0",
    "churn@v1.4.0, churn@1.4.0"
  })
  void namesAStageAVersionOrNothingMore(String text, String said) {
    assertThat(ModelReference.find(text)).map(ModelReference::toString).contains(said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "churn@",
        "@1.0.0",
        "Churn",
        "churn/lr",
        "churn@prod",
        "churn@PRODUCTION",
        "churn@01.2.3",
        "churn@1.2",
        "churn@1.2.3+x",
        "churn@1.0.0@2.0.0",
        "churn@v",
        "churn@vproduction",
        "churn @1.0.0",
        "../churn"
      })
  void refusesWhatNamesNoModel(String text) {
    assertThat(ModelReference.find(text)).isEmpty();
  }

  @Test
  void meansWhatCameToTheStageLast() {
    FakeRegistry registry = new FakeRegistry();
    new ModelHistory(registry, "churn")
        .registered("1.0.0", "ann")
        .registered("1.1.0", "ann")
        .promoted("1.1.0", PromotionStage.STAGING, "ann")
        .promoted("1.0.0", PromotionStage.STAGING, "ann");
    ModelState state = registry.state("churn");
    assertThat(resolved("churn@staging", state)).isEqualTo("1.0.0");
    assertThat(resolved("churn@1.1.0", state)).isEqualTo("1.1.0");
    assertThat(resolved("churn@production", state)).isEqualTo("none");
    assertThat(resolved("churn@9.0.0", state)).isEqualTo("none");
    assertThat(resolved("churn", state)).isEqualTo("none");
  }

  private static String resolved(String reference, ModelState state) {
    return ModelReference.find(reference)
        .orElseThrow()
        .resolve(state)
        .map(version -> version.version().toString())
        .orElse("none");
  }
}
