package io.mlpipeline.cli;

import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tree of a model's receipt as JSON; a step that was told already is named only. */
final class ReceiptTreeJson {

  private final ModelCard card;
  private final Set<String> told = new HashSet<>();

  ReceiptTreeJson(ModelCard card) {
    this.card = card;
  }

  /** The step that made the model; nothing if none is on the card. */
  void root(JsonOut out) {
    List<ReceiptStep> steps = card.steps();
    out.object("made_by", steps.isEmpty() ? null : steps.get(steps.size() - 1), this::step);
  }

  private void step(JsonOut out, ReceiptStep step) {
    out.text("step", step.step());
    if (!told.add(step.step())) {
      return;
    }
    out.text("uses", step.uses())
        .text("run_id", step.entry().run())
        .text("at", step.entry().at().toString())
        .text("fingerprint", step.entry().fingerprint().sha256())
        .textMap("params", ingredients(step, Ingredient.Kind.PARAM))
        .textMap("code", ingredients(step, Ingredient.Kind.CODE))
        .textMap("schemas", ingredients(step, Ingredient.Kind.SCHEMA))
        .textMap("settings", ingredients(step, Ingredient.Kind.SETTING))
        .textMap("platform", ingredients(step, Ingredient.Kind.PLATFORM))
        .array("outputs", step.entry().outputs(), DataCommand::output)
        .decimalMap("metrics", step.entry().metrics())
        .array("gates", step.entry().gates(), ReceiptTreeJson::gate)
        .array("inputs", step.inputs(), this::input);
  }

  private static Map<String, String> ingredients(ReceiptStep step, Ingredient.Kind kind) {
    Map<String, String> found = new LinkedHashMap<>();
    step.entry().fingerprint().ingredients().stream()
        .filter(one -> one.kind() == kind)
        .forEach(one -> found.put(one.name(), one.value()));
    return found;
  }

  private static void gate(JsonOut out, GateReport gate) {
    out.text("dataset", gate.dataset())
        .text("verdict", gate.verdict().name().toLowerCase(Locale.ROOT))
        .array(
            "rules",
            gate.outcomes(),
            (o, rule) ->
                o.text("rule", rule.rule().text().strip())
                    .flag("passed", rule.passed())
                    .text("message", rule.message())
                    .decimalMap("observed", rule.observed()));
  }

  private void input(JsonOut out, LineageInput input) {
    out.text("port", input.port())
        .text("name", input.name())
        .number("version", input.version())
        .text("identity", input.identity())
        .number("rows", input.rows());
    Optional<ReceiptStep> maker = ReceiptTree.maker(card, input);
    out.object("made_by", maker.orElse(null), this::step);
    if (maker.isEmpty()) {
      out.object("source", ReceiptTree.source(card, input).orElse(null), ReceiptTreeJson::source);
    }
  }

  private static void source(JsonOut out, PinnedSource source) {
    out.text("uri", source.uri())
        .text("identity", source.identity())
        .flag("weak", source.weak())
        .array(
            "files",
            source.files(),
            (o, file) ->
                o.text("name", file.name())
                    .text("path", file.path())
                    .number("size", file.size())
                    .text("digest", file.digest()));
  }
}
