package io.mlpipeline.json;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ReceiptStep;
import io.mlpipeline.registry.SemanticVersion;

/** The stored form of a {@link ModelCard}, sealed. */
public final class ModelCardJson {

  private static final int FORMAT = 1;

  private ModelCardJson() {}

  /** One line of JSON; equal cards give equal bytes. */
  public static byte[] write(ModelCard card) {
    return Sealed.write(FORMAT, out -> body(out, card));
  }

  /** The seal that a card gets when it is written now; it names the card. */
  public static String seal(ModelCard card) {
    return Sealed.of(write(card));
  }

  /** The card, if its seal holds. */
  public static Sealed<ModelCard> read(byte[] document) throws FormException {
    return Sealed.read(document, FORMAT, ModelCardJson::body);
  }

  /** The fields of a card, into an object that is open. */
  public static void body(JsonOut out, ModelCard card) {
    out.text("model", card.model())
        .text("version", card.version().toString())
        .text("change", card.change())
        .text("pipeline", card.pipeline())
        .text("artifact", card.artifact())
        .text("digest", card.digest())
        .text("uri", card.uri())
        .text("run_id", card.run())
        .text("at", card.at().toString())
        .text("by", card.by())
        .object("signature", card.signature(), ModelCardJson::signature)
        .object("trained_on", card.trainedOn(), Forms::input)
        .array("steps", card.steps(), ModelCardJson::step)
        .array("sources", card.sources(), ModelCardJson::source)
        .textMap("facts", card.facts())
        .textMap("config", card.config());
  }

  private static ModelCard body(JsonIn in) throws FormException {
    return new ModelCard(
        in.text("model"),
        SemanticVersion.parse(in.text("version")),
        in.text("change"),
        in.text("pipeline"),
        in.text("artifact"),
        in.text("digest"),
        in.text("uri"),
        in.text("run_id"),
        Forms.instant(in, "at"),
        in.text("by"),
        in.findObject("signature", ModelCardJson::signature),
        in.findObject("trained_on", Forms::input),
        in.array("steps", ModelCardJson::step),
        in.array("sources", ModelCardJson::source),
        in.textMap("facts"),
        in.textMap("config"));
  }

  private static void signature(JsonOut out, ModelSignature signature) {
    out.text("task", signature.task())
        .array("inputs", signature.inputs(), ModelCardJson::field)
        .object("label", signature.label(), ModelCardJson::field)
        .array("outputs", signature.outputs(), ModelCardJson::field);
  }

  private static ModelSignature signature(JsonIn in) throws FormException {
    return new ModelSignature(
        in.text("task"),
        in.array("inputs", ModelCardJson::field),
        in.findObject("label", ModelCardJson::field),
        in.array("outputs", ModelCardJson::field));
  }

  private static void field(JsonOut out, ModelSignature.Field field) {
    out.text("name", field.name()).text("type", field.type());
  }

  private static ModelSignature.Field field(JsonIn in) throws FormException {
    return new ModelSignature.Field(in.text("name"), in.text("type"));
  }

  private static void step(JsonOut out, ReceiptStep step) {
    out.text("uses", step.uses())
        .object("entry", step.entry(), ReuseEntryJson::body)
        .array("inputs", step.inputs(), Forms::input);
  }

  private static ReceiptStep step(JsonIn in) throws FormException {
    return new ReceiptStep(
        in.text("uses"),
        in.object("entry", ReuseEntryJson::body),
        in.array("inputs", Forms::input));
  }

  static void source(JsonOut out, PinnedSource source) {
    out.text("dataset", source.dataset())
        .text("kind", Forms.word(source.kind()))
        .text("uri", source.uri())
        .number("version", source.version())
        .text("identity", source.identity())
        .flag("weak", source.weak())
        .array("files", source.files(), ModelCardJson::file)
        .number("bytes", source.bytes());
  }

  static PinnedSource source(JsonIn in) throws FormException {
    return new PinnedSource(
        in.text("dataset"),
        in.constant("kind", InputKind.class),
        in.text("uri"),
        in.number("version"),
        in.text("identity"),
        in.flag("weak"),
        in.array("files", ModelCardJson::file),
        in.number("bytes"));
  }

  private static void file(JsonOut out, PinnedFile file) {
    out.text("path", file.path())
        .text("name", file.name())
        .number("size", file.size())
        .number("modified_millis", file.modifiedMillis())
        .text("digest", file.digest());
  }

  private static PinnedFile file(JsonIn in) throws FormException {
    return new PinnedFile(
        in.text("path"),
        in.text("name"),
        in.number("size"),
        in.number("modified_millis"),
        in.text("digest"));
  }
}
