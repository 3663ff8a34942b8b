package io.mlpipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.Registered;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;
import io.mlpipeline.testkit.FakeRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RegistrarTest {

  private static final SourceLocation AT = SourceLocation.UNKNOWN;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final ModelRegistry registry = new FakeRegistry();
  private final Map<String, ReuseEntry> entries = new HashMap<>();
  private final PipelineSpec spec = spec();

  RegistrarTest() {
    made("ingest", "events", OutputKind.TABLE, "c1:1", "raw", "files:1");
    made("train_a", "model_a", OutputKind.MODEL, "m1:a", "rows", "c1:1");
    made("train_b", "model_b", OutputKind.MODEL, "m1:b", "rows", "c1:1");
    made("choose", "best", OutputKind.MODEL, "m1:a", "a", "m1:a", "b", "m1:b");
  }

  @Test
  void theFirstContentIsVersionOneWithEveryStepThatLedToItAndNoOther() {
    Registrar.Done done = register("m1:a", null);
    assertThat(done.news()).containsExactly("registered churn@1.0.0 (the first version)");
    ModelCard card = card(done.version());
    assertThat(card.steps())
        .extracting(ReceiptStep::step)
        .containsExactly("ingest", "train_a", "choose");
    assertThat(card.trainedOn()).extracting(LineageInput::name).isEqualTo("events");
    assertThat(card.sources()).extracting(PinnedSource::identity).containsExactly("files:1");
    assertThat(card.by()).isEqualTo("ada");
    assertThat(card.config()).containsKey("churn.conf");
    assertThat(done.output().identity()).isEqualTo("m1:a");
  }

  @Test
  void theSameContentAgainIsTheSameVersionAndNoNews() {
    register("m1:a", evidence("m1:a", 0.8));
    Registrar.Done again = register("m1:a", evidence("m1:a", 0.8));
    assertThat(again.news()).isEmpty();
    assertThat(registry.events("churn"))
        .extracting(RegistryEvent::kind)
        .containsExactly(RegistryEvent.Kind.REGISTERED, RegistryEvent.Kind.EVALUATED);
  }

  @Test
  void otherEvidenceOfTheSameContentIsKeptBesideTheOld() {
    register("m1:a", evidence("m1:a", 0.8));
    Registrar.Done again = register("m1:a", evidence("m1:a", 0.7));
    assertThat(again.version().evaluated()).isEqualTo(3);
    assertThat(again.state().versions()).hasSize(1);
  }

  @Test
  void aRunThatWasKilledAfterTheRegistrationAddsWhatIsMissing() {
    register("m1:a", null);
    Registrar.Done resumed = register("m1:a", evidence("m1:a", 0.8));
    assertThat(resumed.state().versions()).hasSize(1);
    assertThat(resumed.version().evaluated()).isEqualTo(2);
  }

  @Test
  void newRowsAreAPatchAndAnotherParamIsMinor() {
    register("m1:a", null);
    made("ingest", "events", OutputKind.TABLE, "c1:2", "raw", "files:2");
    made("train_a", "model_a", OutputKind.MODEL, "m1:c", "rows", "c1:2");
    made("choose", "best", OutputKind.MODEL, "m1:c", "a", "m1:c", "b", "m1:b");
    assertThat(register("m1:c", null).version().version())
        .isEqualTo(SemanticVersion.parse("1.0.1"));
    param("train_a", "max-iter", "20");
    param("choose", "metric", "auc_pr");
    made("choose", "best", OutputKind.MODEL, "m1:d", "a", "m1:d", "b", "m1:b");
    made("train_a", "model_a", OutputKind.MODEL, "m1:d", "rows", "c1:2");
    param("train_a", "max-iter", "20");
    Registrar.Done minor = register("m1:d", null);
    assertThat(minor.news())
        .containsExactly("registered churn@1.1.0 (minor: train_a params.max-iter is new)");
  }

  @Test
  void aCandidateThatWasNotChosenChangesNoVersion() {
    register("m1:a", null);
    param("train_b", "num-trees", "9");
    made("ingest", "events", OutputKind.TABLE, "c1:2", "raw", "files:2");
    made("train_a", "model_a", OutputKind.MODEL, "m1:c", "rows", "c1:2");
    made("choose", "best", OutputKind.MODEL, "m1:c", "a", "m1:c", "b", "m1:b");
    assertThat(register("m1:c", null).news())
        .containsExactly("registered churn@1.0.1 (patch: a refit on new rows of raw)");
  }

  private Registrar.Done register(String digest, @Nullable Evidence evidence) {
    ModelManifest manifest =
        new ModelManifest("churn", "best", digest, "_ml/models/x", "r", "a", List.of());
    RunContext run =
        new RunContext(
            RunId.of(NOW, 1),
            spec,
            Map.of(),
            new TreeMap<>(Map.of("churn.conf", "pipeline: churn")),
            new TreeMap<>(Map.of("user", "ada")),
            "/wh",
            new RunListener() {});
    Ancestry ancestry = new Ancestry(spec, entries, Map.of("raw", source(entries.get("ingest"))));
    return new Registrar(registry, () -> NOW, run)
        .register(new Registered("version", "churn", manifest, evidence), ancestry);
  }

  private ModelCard card(VersionState version) {
    return registry.findCard("churn", version.card()).orElseThrow();
  }

  private static Evidence evidence(String digest, double auc) {
    return new Evidence(
        digest,
        null,
        "c1:9",
        List.of(
            new Evidence.Measured(
                Evidence.Subject.CANDIDATE, Evidence.ALL, "auc_roc", auc, 100, false)));
  }

  private static PinnedSource source(ReuseEntry ingest) {
    String identity = ingest.fingerprint().ingredients().get(0).value();
    return new PinnedSource("raw", InputKind.FILES, "file:/raw", -1, identity, false, List.of(), 1);
  }

  private void made(String step, String name, OutputKind kind, String digest, String... inputs) {
    List<Ingredient> ingredients = new java.util.ArrayList<>();
    for (int i = 0; i < inputs.length; i += 2) {
      ingredients.add(new Ingredient(Ingredient.Kind.INPUT, inputs[i], inputs[i + 1]));
    }
    OutputVersion output =
        new OutputVersion(kind, "out", name, "churn/" + name, 0, digest, null, 1, 1, null);
    entries.put(step, entry(step, ingredients, output));
  }

  private void param(String step, String key, String value) {
    ReuseEntry before = entries.get(step);
    List<Ingredient> more = new java.util.ArrayList<>(before.fingerprint().ingredients());
    more.add(new Ingredient(Ingredient.Kind.PARAM, key, value));
    entries.put(step, entry(step, more, before.outputs().get(0)));
  }

  private static ReuseEntry entry(String step, List<Ingredient> ingredients, OutputVersion output) {
    return new ReuseEntry(
        "churn",
        step,
        new Fingerprint("f", ingredients),
        "v",
        Verdict.PASS,
        "r1",
        "r1-" + step + "-1",
        NOW,
        List.of(output),
        new TreeMap<>(),
        List.of(),
        List.of(),
        List.of());
  }

  private static PipelineSpec spec() {
    InputSpec raw =
        new InputSpec(
            "raw",
            InputKind.FILES,
            "/raw",
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
    return new PipelineSpec(
        "churn",
        "local",
        List.of(raw),
        List.of(
            step("ingest", "events", Map.of("raw", "raw")),
            step("train_a", "model_a", Map.of("rows", "events")),
            step("train_b", "model_b", Map.of("rows", "events")),
            step("choose", "best", Map.of("a", "model_a", "b", "model_b"))),
        List.of(),
        AT);
  }

  private static StepSpec step(String name, String output, Map<String, String> inputs) {
    return new StepSpec(
        name,
        name,
        new TreeMap<>(inputs),
        new Params(new TreeMap<>()),
        List.of(new OutputSpec("out", output, null, List.of(), List.of(), GateSpec.OPEN, AT)),
        RuntimeSpec.DEFAULT,
        AT);
  }
}
