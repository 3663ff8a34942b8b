package io.mlpipeline.json;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ModelFile;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.QuarantineReport;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parts that several stored forms have in common. */
final class Forms {

  private Forms() {}

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static Instant instant(JsonIn in, String name) throws FormException {
    return Instant.parse(in.text(name));
  }

  /** Flat triples of kind, name and value: a third of the size of objects, and read as fast. */
  static void ingredients(JsonOut out, List<Ingredient> ingredients) {
    List<String> flat = new ArrayList<>(3 * ingredients.size());
    for (Ingredient i : ingredients) {
      flat.add(word(i.kind()));
      flat.add(i.name());
      flat.add(i.value());
    }
    out.texts("ingredients", flat);
  }

  static List<Ingredient> ingredients(JsonIn in) throws FormException {
    List<String> flat = in.texts("ingredients");
    if (flat.size() % 3 != 0) {
      throw FormException.damaged("'ingredients' are not triples");
    }
    List<Ingredient> ingredients = new ArrayList<>(flat.size() / 3);
    for (int i = 0; i < flat.size(); i += 3) {
      Ingredient.Kind kind = Ingredient.Kind.valueOf(flat.get(i).toUpperCase(Locale.ROOT));
      ingredients.add(new Ingredient(kind, flat.get(i + 1), flat.get(i + 2)));
    }
    return ingredients;
  }

  static void output(JsonOut out, OutputVersion o) {
    out.text("name", o.name())
        .text("kind", word(o.kind()))
        .text("port", o.port())
        .number("version", o.version())
        .text("digest", o.digest())
        .text("schema_digest", o.schemaDigest())
        .number("rows", o.rows())
        .number("bytes", o.bytes())
        .text("uri", o.uri())
        .text("partitions", o.partitions());
  }

  static OutputVersion output(JsonIn in) throws FormException {
    return new OutputVersion(
        in.constant("kind", OutputKind.class),
        in.text("port"),
        in.text("name"),
        in.text("uri"),
        in.number("version"),
        in.text("digest"),
        in.findText("schema_digest"),
        in.number("rows"),
        in.number("bytes"),
        in.findText("partitions"));
  }

  static void input(JsonOut out, LineageInput input) {
    out.text("port", input.port())
        .text("name", input.name())
        .text("uri", input.uri())
        .number("version", input.version())
        .text("identity", input.identity())
        .number("rows", input.rows())
        .number("bytes", input.bytes());
  }

  static LineageInput input(JsonIn in) throws FormException {
    return new LineageInput(
        in.text("port"),
        in.text("name"),
        in.text("uri"),
        in.number("version"),
        in.text("identity"),
        in.number("rows"),
        in.number("bytes"));
  }

  static void gate(JsonOut out, GateReport gate) {
    out.text("dataset", gate.dataset())
        .text("verdict", word(gate.verdict()))
        .array("outcomes", gate.outcomes(), Forms::outcome)
        .object("quarantine", gate.quarantine(), Forms::quarantine);
  }

  static GateReport gate(JsonIn in) throws FormException {
    return new GateReport(
        in.text("dataset"),
        in.constant("verdict", Verdict.class),
        in.array("outcomes", Forms::outcome),
        in.findObject("quarantine", Forms::quarantine));
  }

  private static void quarantine(JsonOut out, QuarantineReport quarantine) {
    SortedMap<String, Double> counts = new TreeMap<>();
    quarantine.byRule().forEach((rule, rows) -> counts.put(rule, (double) rows));
    out.number("rows", quarantine.rows())
        .decimalMap("by_rule", counts)
        .object("table", quarantine.table(), Forms::output);
  }

  private static QuarantineReport quarantine(JsonIn in) throws FormException {
    SortedMap<String, Long> counts = new TreeMap<>();
    in.decimalMap("by_rule").forEach((rule, rows) -> counts.put(rule, rows.longValue()));
    return new QuarantineReport(in.number("rows"), counts, in.findObject("table", Forms::output));
  }

  private static void outcome(JsonOut out, RuleOutcome outcome) {
    GateRule rule = outcome.rule();
    out.text("rule", rule.id())
        .text("severity", word(rule.severity()))
        .text("text", rule.text())
        .text("file", rule.at().file())
        .number("line", rule.at().line())
        .flag("passed", outcome.passed())
        .text("message", outcome.message())
        .decimalMap("observed", outcome.observed())
        .object("waiver", outcome.waiver(), WaiverJson::body);
  }

  private static RuleOutcome outcome(JsonIn in) throws FormException {
    SourceLocation at = new SourceLocation(in.text("file"), in.integer("line"));
    Severity severity = in.constant("severity", Severity.class);
    return new RuleOutcome(
        new GateRule(in.text("rule"), severity, in.text("text"), at),
        in.flag("passed"),
        in.findText("message"),
        in.decimalMap("observed"),
        in.findObject("waiver", WaiverJson::body));
  }

  static void stagedTable(JsonOut out, StagedTable table) {
    out.text("port", table.port())
        .text("name", table.name())
        .text("uri", table.uri())
        .text("attempt", table.attempt())
        .text("schema", table.schemaJson())
        .texts("partition_by", table.partitionBy())
        .array("files", table.files(), Forms::dataFile);
  }

  static StagedTable stagedTable(JsonIn in) throws FormException {
    return new StagedTable(
        in.text("port"),
        in.text("name"),
        in.text("uri"),
        in.text("attempt"),
        in.text("schema"),
        in.texts("partition_by"),
        in.array("files", Forms::dataFile));
  }

  private static void dataFile(JsonOut out, DataFile file) {
    out.text("path", file.path())
        .textMap("partition", file.partition())
        .number("size", file.size())
        .number("modified_millis", file.modifiedMillis())
        .number("rows", file.rows())
        .text("stats", file.stats());
  }

  private static DataFile dataFile(JsonIn in) throws FormException {
    return new DataFile(
        in.text("path"),
        in.textMap("partition"),
        in.number("size"),
        in.number("modified_millis"),
        in.number("rows"),
        in.findText("stats"));
  }

  static void stagedModel(JsonOut out, StagedModel model) {
    out.text("port", model.port())
        .text("name", model.name())
        .text("uri", model.uri())
        .text("digest", model.digest())
        .array("files", model.files(), Forms::modelFile)
        .object("signature", model.signature(), Forms::signature);
  }

  static StagedModel stagedModel(JsonIn in) throws FormException {
    return new StagedModel(
        in.text("port"),
        in.text("name"),
        in.text("uri"),
        in.text("digest"),
        in.array("files", Forms::modelFile),
        in.findObject("signature", Forms::signature));
  }

  static void signature(JsonOut out, ModelSignature signature) {
    out.text("task", signature.task())
        .array("inputs", signature.inputs(), Forms::field)
        .object("label", signature.label(), Forms::field)
        .array("outputs", signature.outputs(), Forms::field);
  }

  static ModelSignature signature(JsonIn in) throws FormException {
    return new ModelSignature(
        in.text("task"),
        in.array("inputs", Forms::field),
        in.findObject("label", Forms::field),
        in.array("outputs", Forms::field));
  }

  private static void field(JsonOut out, ModelSignature.Field field) {
    out.text("name", field.name()).text("type", field.type());
  }

  private static ModelSignature.Field field(JsonIn in) throws FormException {
    return new ModelSignature.Field(in.text("name"), in.text("type"));
  }

  static void modelFile(JsonOut out, ModelFile file) {
    out.text("path", file.path()).number("size", file.size()).text("sha256", file.sha256());
  }

  static ModelFile modelFile(JsonIn in) throws FormException {
    return new ModelFile(in.text("path"), in.number("size"), in.text("sha256"));
  }
}
