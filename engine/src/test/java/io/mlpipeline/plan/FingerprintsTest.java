package io.mlpipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.Ingredient.Kind;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputMode;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

  private static final SourceLocation AT = SourceLocation.UNKNOWN;

  private static Ingredient param(String name, String value) {
    return new Ingredient(Kind.PARAM, name, value);
  }

  private static String key(Ingredient... ingredients) {
    return Fingerprints.of(List.of(ingredients)).sha256();
  }

  @Test
  void keepsTheFormatThatEntriesWereWrittenWith() {
    assertThat(key(param("max-iter", "10"), new Ingredient(Kind.CODE, "a.B", "c1")))
        .isEqualTo("2924fd17bcc7dccd4558b93f4bfb3346ebc4ed316d4749bbebfb590783bb1888");
  }

  @Test
  void doesNotDependOnTheOrderOfIngredients() {
    Ingredient a = param("a", "1");
    Ingredient b = new Ingredient(Kind.CODE, "b", "2");
    assertThat(key(a, b)).isEqualTo(key(b, a));
  }

  @Test
  void tellsApartWhatWouldRunTogether() {
    List<String> keys =
        List.of(
            key(param("ab", "c")),
            key(param("a", "bc")),
            key(param("", "abc")),
            key(param("abc", "")),
            key(new Ingredient(Kind.INPUT, "ab", "c")),
            key(param("a", ""), param("b", "c")),
            key(param("a", "b"), param("c", "")),
            key(param("\u00e9", "")),
            key(param("e\u0301", "")),
            key());
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void keepsLongValuesAsTheirHash() {
    String longer = "x".repeat(10_000);
    Fingerprint one = ofParam(longer + "1");
    Fingerprint two = ofParam(longer + "2");
    assertThat(one.sha256()).isNotEqualTo(two.sha256());
    assertThat(one.ingredients()).allMatch(i -> i.value().length() <= Fingerprints.LONGEST);
  }

  private static Fingerprint ofParam(String value) {
    StepCode code = new StepCode("C", "total", new TreeMap<>(), new TreeMap<>(), true);
    StepSpec step = step(Params.NONE.with("p", value), "rows", GateSpec.OPEN);
    return Fingerprints.of(step, code, List.of(), Map.of());
  }

  private static StepSpec step(Params params, String port, GateSpec gate) {
    OutputSpec out = new OutputSpec(port, port + "_out", null, List.of(), List.of(), gate, AT);
    return new StepSpec("s", "u", new TreeMap<>(), params, List.of(out), RuntimeSpec.DEFAULT, AT);
  }

  @Test
  void theModeIsInTheFingerprintOnlyWhereItIsNotTheDefault() {
    assertThat(ofMode(OutputMode.REPLACE))
        .anySatisfy(i -> assertThat(i.value()).isEqualTo("d keys [\"k\"]"));
    assertThat(ofMode(OutputMode.MERGE))
        .anySatisfy(i -> assertThat(i.value()).isEqualTo("d keys [\"k\"] mode merge"));
  }

  private static List<Ingredient> ofMode(OutputMode mode) {
    StepCode code = new StepCode("C", "total", new TreeMap<>(), new TreeMap<>(), true);
    OutputSpec out =
        new OutputSpec("o", "d", null, List.of(), List.of("k"), GateSpec.OPEN, mode, null, AT);
    StepSpec step =
        new StepSpec("s", "u", new TreeMap<>(), Params.NONE, List.of(out), RuntimeSpec.DEFAULT, AT);
    return Fingerprints.of(step, code, List.of(), Map.of()).ingredients();
  }

  private static String verdictKey(String port, GateRule... rules) {
    StepSpec step = step(Params.NONE, port, new GateSpec(List.of(rules)));
    PipelineSpec spec = new PipelineSpec("p", "local", List.of(), List.of(step), List.of(), AT);
    return VerdictKey.of(spec, step);
  }

  private static GateRule rule(String id, Severity severity, String text) {
    return new GateRule(id, severity, text, AT);
  }

  @Test
  void theGateIsNotInTheFingerprint() {
    StepCode code = new StepCode("C", "total", new TreeMap<>(), new TreeMap<>(), true);
    GateSpec gate = new GateSpec(List.of(rule("r", Severity.BLOCK, "RowCount > 1")));
    assertThat(Fingerprints.of(step(Params.NONE, "rows", gate), code, List.of(), Map.of()).sha256())
        .isEqualTo(
            Fingerprints.of(step(Params.NONE, "rows", GateSpec.OPEN), code, List.of(), Map.of())
                .sha256());
  }

  @Test
  void theVerdictKeyHoldsWhatDecidesAVerdict() {
    GateRule a = rule("r1", Severity.BLOCK, "RowCount > 1");
    GateRule b = rule("r2", Severity.WARN, "RowCount > 2");
    assertThat(verdictKey("rows", a, b)).isEqualTo(verdictKey("rows", b, a, b));
    assertThat(verdictKey("rows", a))
        .isEqualTo(verdictKey("rows", rule("named", Severity.BLOCK, "RowCount > 1")));
    assertThat(
            List.of(
                verdictKey("rows"),
                verdictKey("rows", a),
                verdictKey("others", a),
                verdictKey("rows", b),
                verdictKey("rows", a, b),
                verdictKey("rows", rule("r1", Severity.WARN, "RowCount > 1")),
                verdictKey("rows", rule("r1", Severity.BLOCK, "RowCount > 10"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void rulesThatKeepRowsFromAStepAreInItsFingerprintAndTheShareInItsVerdictKey() {
    GateRule rule = rule("r", Severity.QUARANTINE, "IsComplete \"a\"");
    String open = keyReading(GateSpec.OPEN);
    assertThat(keyReading(new GateSpec(List.of(rule("b", Severity.BLOCK, "RowCount > 1")))))
        .isEqualTo(open);
    String sifted = keyReading(new GateSpec(List.of(rule), 0.1, List.of()));
    assertThat(sifted).isNotEqualTo(open);
    assertThat(keyReading(new GateSpec(List.of(rule), 0.2, List.of()))).isEqualTo(sifted);
    assertThat(List.of(share(0), share(0.1), share(0.2))).doesNotHaveDuplicates();
  }

  private static String share(double most) {
    StepSpec step = step(Params.NONE, "rows", new GateSpec(List.of(), most, List.of()));
    return VerdictKey.of(
        new PipelineSpec("p", "local", List.of(), List.of(step), List.of(), AT), step);
  }

  private static String keyReading(GateSpec gate) {
    StepCode code = new StepCode("C", "total", new TreeMap<>(), new TreeMap<>(), true);
    InputSpec input =
        new InputSpec(
            "raw",
            InputKind.FILES,
            "x",
            "csv",
            new TreeMap<>(),
            null,
            null,
            null,
            gate,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            AT);
    PinnedSource source =
        new PinnedSource("raw", InputKind.FILES, "x", -1, "files", false, List.of(), 1);
    return Fingerprints.of(
            step(Params.NONE, "rows", GateSpec.OPEN),
            code,
            List.of(new PinnedInput("in", "raw", source, null)),
            Map.of("raw", input))
        .sha256();
  }
}
