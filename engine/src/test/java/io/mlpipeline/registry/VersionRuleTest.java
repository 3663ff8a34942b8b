package io.mlpipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which version a receipt gets after another one. */
class VersionRuleTest {

  private static final Instant AT = Instant.parse("2024-06-01T02:00:00Z");
  private static final SemanticVersion HIGHEST = SemanticVersion.parse("1.4.2");

  private static final Ingredient TYPE =
      new Ingredient(Ingredient.Kind.STEP_TYPE, "", "train-classifier");
  private static final Ingredient CODE = new Ingredient(Ingredient.Kind.CODE, "", "c0de");
  private static final Ingredient DEPTH = new Ingredient(Ingredient.Kind.PARAM, "max-depth", "5");
  private static final Ingredient SPARK = new Ingredient(Ingredient.Kind.PLATFORM, "spark", "3.5");
  private static final Ingredient ROWS = new Ingredient(Ingredient.Kind.INPUT, "rows", "c1:1");

  private static final ModelSignature SIGNATURE =
      signature("binary-classification", "churn", "tenure int", "plan string");

  private static ModelSignature signature(String task, @Nullable String label, String... inputs) {
    List<ModelSignature.Field> fields = new ArrayList<>();
    for (String input : inputs) {
      String[] nameAndType = input.split(" ");
      fields.add(new ModelSignature.Field(nameAndType[0], nameAndType[1]));
    }
    ModelSignature.Field column = label == null ? null : new ModelSignature.Field(label, "int");
    return new ModelSignature(task, fields, column, List.of());
  }

  private static ReceiptStep step(String name, Ingredient... ingredients) {
    return new ReceiptStep(
        "train-classifier",
        new ReuseEntry(
            "churn",
            name,
            new Fingerprint("f", List.of(ingredients)),
            "v",
            Verdict.PASS,
            "r1",
            "r1-1",
            AT,
            List.of(),
            new TreeMap<>(),
            List.of(),
            List.of(),
            List.of()),
        List.of());
  }

  private static PinnedSource source(String name, String identity) {
    return new PinnedSource(name, InputKind.FILES, "file:/x", -1, identity, false, List.of(), 1);
  }

  private static ModelCard card(
      @Nullable ModelSignature signature, List<PinnedSource> sources, ReceiptStep... steps) {
    return new ModelCard(
        "churn",
        SemanticVersion.FIRST,
        "",
        "churn",
        "churn_lr",
        "m1:ab",
        "u",
        "r1",
        AT,
        "ann",
        signature,
        null,
        List.of(steps),
        sources,
        new TreeMap<>(),
        new TreeMap<>());
  }

  private static final List<PinnedSource> RAW = List.of(source("raw", "sha256:1"));
  private static final ModelCard LAST =
      card(SIGNATURE, RAW, step("train", TYPE, CODE, DEPTH, SPARK, ROWS));

  private static String next(ModelCard last, ModelCard fresh) {
    ModelCard card = VersionRule.next(HIGHEST, last, fresh);
    return card.version() + " " + card.change();
  }

  private static String next(ModelSignature signature) {
    return next(LAST, card(signature, RAW, LAST.steps().get(0)));
  }

  private static String next(ReceiptStep... steps) {
    return next(LAST, card(SIGNATURE, RAW, steps));
  }

  @Test
  void theFirstVersionIsOneWhateverItHolds() {
    assertThat(VersionRule.first(LAST).version()).hasToString("1.0.0");
    assertThat(VersionRule.first(LAST).change()).isEqualTo("the first version");
  }

  @Test
  void anotherSchemaOfFeaturesOrLabelIsMajor() {
    String task = "binary-classification";
    assertThat(next(signature(task, "churn", "tenure bigint", "plan string")))
        .isEqualTo("2.0.0 major: feature tenure int -> bigint");
    assertThat(next(signature(task, "churn", "tenure int")))
        .isEqualTo("2.0.0 major: feature plan is gone");
    assertThat(next(signature(task, "churn", "tenure int", "plan string", "city string")))
        .isEqualTo("2.0.0 major: feature city is new");
    assertThat(next(signature(task, "left", "tenure int", "plan string")))
        .isEqualTo("2.0.0 major: label churn int -> left int");
    assertThat(next(signature("clustering", null, "tenure int", "plan string")))
        .startsWith("2.0.0 major: task binary-classification -> clustering; label");
  }

  @Test
  void theOrderOfFeaturesIsNoSchema() {
    assertThat(next(signature("binary-classification", "churn", "plan string", "tenure int")))
        .startsWith("1.4.3 patch");
  }

  @Test
  void aSchemaThatNobodyStatedCannotHaveChanged() {
    assertThat(next(LAST, card(null, RAW, LAST.steps().get(0)))).startsWith("1.4.3 patch");
    assertThat(next(card(null, RAW, LAST.steps().get(0)), LAST)).startsWith("1.4.3 patch");
  }

  @Test
  void anotherWayToTheModelIsMinor() {
    assertThat(next(step("train", TYPE, CODE, new Ingredient(DEPTH.kind(), "max-depth", "6"))))
        .isEqualTo("1.5.0 minor: train params.max-depth 5 -> 6");
    assertThat(next(step("train", TYPE, DEPTH, new Ingredient(CODE.kind(), "", "x".repeat(64)))))
        .isEqualTo("1.5.0 minor: train code changed");
    assertThat(next(LAST.steps().get(0), step("clean", TYPE)))
        .isEqualTo("1.5.0 minor: step clean is new");
    assertThat(next(step("fit", TYPE, CODE, DEPTH)))
        .isEqualTo("1.5.0 minor: step fit is new; step train is gone");
    List<PinnedSource> more = List.of(RAW.get(0), source("weather", "sha256:9"));
    assertThat(next(LAST, card(SIGNATURE, more, LAST.steps().get(0))))
        .isEqualTo("1.5.0 minor: source weather is new");
  }

  @Test
  void newRowsAnotherSparkOrChanceIsARefit() {
    List<PinnedSource> june = List.of(source("raw", "sha256:2"));
    assertThat(next(LAST, card(SIGNATURE, june, LAST.steps().get(0))))
        .isEqualTo("1.4.3 patch: a refit on new rows of raw");
    assertThat(
            next(
                step(
                    "train",
                    TYPE,
                    CODE,
                    DEPTH,
                    new Ingredient(SPARK.kind(), "spark", "3.6"),
                    new Ingredient(ROWS.kind(), "rows", "c1:2"))))
        .isEqualTo("1.4.3 patch: a refit");
    assertThat(next(LAST, LAST)).isEqualTo("1.4.3 patch: a refit");
  }

  @Test
  void countsFromTheHighestVersionAndNotFromTheLastOne() {
    SemanticVersion highest = SemanticVersion.parse("3.0.0");
    assertThat(VersionRule.next(highest, LAST.as(HIGHEST, ""), LAST).version())
        .hasToString("3.0.1");
  }

  @Test
  void namesThreeChangesAndCountsTheRest() {
    Ingredient[] params = new Ingredient[5];
    for (int i = 0; i < params.length; i++) {
      params[i] = new Ingredient(Ingredient.Kind.PARAM, "p" + i, "1");
    }
    assertThat(next(step("train", params)))
        .isEqualTo(
            "1.5.0 minor: train code is gone; train params.max-depth is gone;"
                + " train params.p0 is new; and 5 more");
  }
}
