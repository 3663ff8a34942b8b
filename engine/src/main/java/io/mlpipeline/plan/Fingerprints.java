package io.mlpipeline.plan;

import static java.util.Comparator.comparing;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.Ingredient.Kind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputMode;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.Platform;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes fingerprints: format {@code f1}, SHA-256 over the count of ingredients and, for each, its
 * kind, name and value with their lengths, sorted by kind and name. No location is in it, no gate,
 * and nothing of {@code runtime}. A value longer than {@link #LONGEST} stands there as its SHA-256,
 * so that entries stay small.
 */
public final class Fingerprints {

  /** The longest value, in characters, that an ingredient keeps as text. */
  static final int LONGEST = 240;

  /** What ends the name of the ingredient that says which partitions of an input are read. */
  static final String PARTITIONS = ".partitions";

  private static final int SHORT = 32;
  private static final String FORMAT = "f1";
  private static final List<Ingredient> PLATFORM = platform();

  private Fingerprints() {}

  /**
   * The fingerprint of a step.
   *
   * @param inputs what each port is bound to
   * @param externals what the pipeline says of inputs from outside, by dataset name
   */
  static Fingerprint of(
      StepSpec step, StepCode code, List<PinnedInput> inputs, Map<String, InputSpec> externals) {
    List<Ingredient> all = new ArrayList<>();
    add(all, Kind.STEP_TYPE, "", code.className());
    addCode(all, code);
    params(step.params(), code).forEach((key, text) -> add(all, Kind.PARAM, key, text));
    for (PinnedInput input : inputs) {
      add(all, Kind.INPUT, input.port(), input.identity());
      if (step.use(input.port()).isPartial()) {
        String use = step.use(input.port()).toString();
        add(all, Kind.INPUT, input.port() + PARTITIONS, use);
      }
      InputSpec external = input.source() == null ? null : externals.get(input.dataset());
      if (external != null) {
        addReading(all, input.port(), external);
        addSieve(all, input.port(), external);
      }
    }
    for (OutputSpec output : step.outputs()) {
      addOutput(all, output);
    }
    all.addAll(PLATFORM);
    return of(all);
  }

  /**
   * What decides a step's partitions apart from the partitions of its inputs. Of an input that is
   * read by partition only the columns are in it, and of what share it is a sample.
   */
  static String base(
      StepSpec step, StepCode code, List<PinnedInput> inputs, Map<String, InputSpec> externals) {
    return base(of(step, code, inputs, externals), step, inputs);
  }

  /** The same of a fingerprint that was made of these inputs, whatever the code is now. */
  static String base(Fingerprint whole, StepSpec step, List<PinnedInput> inputs) {
    List<Ingredient> all = new ArrayList<>(whole.ingredients());
    Map<String, String> shapes = new HashMap<>();
    for (PinnedInput input : inputs) {
      if (step.use(input.port()).isPartial()) {
        shapes.put(input.port(), shape(input.identity()));
      }
    }
    all.replaceAll(
        one ->
            one.kind() == Kind.INPUT && shapes.containsKey(one.name())
                ? new Ingredient(Kind.INPUT, one.name(), shapes.getOrDefault(one.name(), ""))
                : one);
    return of(all).sha256().substring(0, SHORT);
  }

  /** What an identity says besides the content: the columns, and that it is a sample. */
  private static String shape(String identity) {
    for (int i = 0; i < identity.length(); i++) {
      if (identity.charAt(i) == '#' || identity.charAt(i) == '~') {
        return identity.substring(i);
      }
    }
    return "";
  }

  /** The fingerprint of these ingredients, whatever their order. */
  static Fingerprint of(List<Ingredient> ingredients) {
    List<Ingredient> sorted = new ArrayList<>(ingredients);
    sorted.sort(comparing(Ingredient::kind).thenComparing(Ingredient::name));
    Canonical hash = new Canonical().text(FORMAT).count(sorted.size());
    for (Ingredient one : sorted) {
      hash.text(one.kind().label()).text(one.name()).text(one.value());
    }
    return new Fingerprint(hash.hex(), sorted);
  }

  /** The parts name what changed; the total would say the same and nothing more. */
  private static void addCode(List<Ingredient> all, StepCode code) {
    if (code.parts().isEmpty()) {
      add(all, Kind.CODE, "", code.digest());
    }
    code.parts().forEach((name, digest) -> add(all, Kind.CODE, name, digest));
  }

  private static SortedMap<String, String> params(Params params, StepCode code) {
    SortedMap<String, String> texts = new TreeMap<>();
    params.values().forEach((key, value) -> texts.put(key, Params.text(value)));
    texts.putAll(code.paramTexts());
    return texts;
  }

  /** How files are read decides rows as much as their bytes do. */
  private static void addReading(List<Ingredient> all, String port, InputSpec input) {
    StringBuilder text = new StringBuilder();
    if (input.format() != null) {
      text.append(input.format()).append(' ');
    }
    if (!input.options().isEmpty()) {
      text.append(Params.text(input.options())).append(' ');
    }
    if (input.schema() != null) {
      text.append(input.schema().canonicalText());
    }
    if (!text.isEmpty()) {
      add(all, Kind.SCHEMA, "in." + port, text.toString().strip());
    }
  }

  /** Rules that keep rows from a step decide what it makes of the others. */
  private static void addSieve(List<Ingredient> all, String port, InputSpec input) {
    List<String> rules =
        input.gate().rules(Severity.QUARANTINE).stream().map(GateRule::text).sorted().toList();
    if (!rules.isEmpty()) {
      add(all, Kind.INPUT, port + ".quarantine", String.join("; ", rules));
    }
  }

  private static void addOutput(List<Ingredient> all, OutputSpec output) {
    StringBuilder text = new StringBuilder(output.name());
    if (!output.partitionBy().isEmpty()) {
      text.append(" partition ").append(Params.text(output.partitionBy()));
    }
    if (!output.keys().isEmpty()) {
      text.append(" keys ").append(Params.text(output.keys()));
    }
    if (output.mode() != OutputMode.REPLACE) { // left out, as before there were modes
      text.append(" mode ").append(output.mode().word());
    }
    add(all, Kind.OUTPUT, output.port(), text.toString());
    if (output.schema() != null) {
      add(all, Kind.SCHEMA, output.port(), output.schema().canonicalText());
    }
  }

  private static void add(List<Ingredient> all, Kind kind, String name, String value) {
    String kept = value.length() <= LONGEST ? value : "sha256:" + new Canonical().text(value).hex();
    all.add(new Ingredient(kind, name, kept));
  }

  private static List<Ingredient> platform() {
    List<Ingredient> all = new ArrayList<>();
    Platform.SETTINGS.forEach((name, value) -> add(all, Kind.SETTING, name, value));
    add(all, Kind.PLATFORM, "spark", Platform.SPARK);
    add(all, Kind.PLATFORM, "delta", Platform.DELTA);
    add(all, Kind.PLATFORM, "engine-semantics", Integer.toString(Platform.ENGINE_SEMANTICS));
    return List.copyOf(all);
  }
}
