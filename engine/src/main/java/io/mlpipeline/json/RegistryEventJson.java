package io.mlpipeline.json;

import io.mlpipeline.registry.Decided;
import io.mlpipeline.registry.Evidence;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.RestoredSet;
import io.mlpipeline.registry.SemanticVersion;
import org.jspecify.annotations.Nullable;

/** The stored form of a {@link RegistryEvent}, sealed. */
public final class RegistryEventJson {

  /** The newest form; an event that an older engine can read is written in that one's. */
  private static final int FORMAT = 2;

  private RegistryEventJson() {}

  /** One line of JSON; equal events give equal bytes. */
  public static byte[] write(RegistryEvent event) {
    int format = event.kind() == RegistryEvent.Kind.REMOVED ? FORMAT : 1;
    return Sealed.write(format, out -> body(out, event));
  }

  /** The seal that an event gets when it is written now. */
  public static String seal(RegistryEvent event) {
    return Sealed.of(write(event));
  }

  /** The event, if its seal holds. */
  public static Sealed<RegistryEvent> read(byte[] document) throws FormException {
    return Sealed.read(document, FORMAT, RegistryEventJson::body);
  }

  /** The fields of an event, into an object that is open. */
  public static void body(JsonOut out, RegistryEvent event) {
    out.text("model", event.model())
        .number("number", event.number())
        .text("kind", Forms.word(event.kind()))
        .text("version", event.version().toString())
        .text("digest", event.digest())
        .text("from", word(event.from()))
        .text("to", word(event.to()))
        .text("by", event.by())
        .text("at", event.at().toString())
        .text("reason", event.reason())
        .text("run_id", event.run())
        .text("card", event.card())
        .object("evidence", event.evidence(), RegistryEventJson::evidence)
        .number("evidence_at", event.evidenceAt())
        .array("decided", event.decided(), RegistryEventJson::decided)
        .object("restored", event.restored(), RegistryEventJson::restored)
        .text("previous", event.previous());
  }

  static RegistryEvent body(JsonIn in) throws FormException {
    return new RegistryEvent(
        in.text("model"),
        in.number("number"),
        in.constant("kind", RegistryEvent.Kind.class),
        SemanticVersion.parse(in.text("version")),
        in.text("digest"),
        stage(in, "from"),
        stage(in, "to"),
        in.text("by"),
        Forms.instant(in, "at"),
        in.findText("reason"),
        in.findText("run_id"),
        in.findText("card"),
        in.findObject("evidence", RegistryEventJson::evidence),
        in.number("evidence_at"),
        in.array("decided", RegistryEventJson::decided),
        in.findObject("restored", RegistryEventJson::restored),
        in.text("previous"));
  }

  private static @Nullable String word(@Nullable PromotionStage stage) {
    return stage == null ? null : stage.word();
  }

  private static @Nullable PromotionStage stage(JsonIn in, String name) throws FormException {
    return in.findText(name) == null ? null : in.constant(name, PromotionStage.class);
  }

  private static void evidence(JsonOut out, Evidence evidence) {
    out.text("digest", evidence.digest())
        .text("champion", evidence.champion())
        .text("holdout", evidence.holdout())
        .array("measured", evidence.measured(), RegistryEventJson::measured);
  }

  private static Evidence evidence(JsonIn in) throws FormException {
    return new Evidence(
        in.text("digest"),
        in.findText("champion"),
        in.text("holdout"),
        in.array("measured", RegistryEventJson::measured));
  }

  private static void measured(JsonOut out, Evidence.Measured one) {
    out.text("subject", Forms.word(one.subject()))
        .text("slice", one.slice())
        .text("metric", one.metric())
        .decimal("value", one.value())
        .number("rows", one.rows())
        .flag("small", one.small());
  }

  private static Evidence.Measured measured(JsonIn in) throws FormException {
    return new Evidence.Measured(
        in.constant("subject", Evidence.Subject.class),
        in.text("slice"),
        in.text("metric"),
        in.decimal("value"),
        in.number("rows"),
        in.flag("small"));
  }

  /** The fields of what a rule said, into an object that is open. */
  public static void decided(JsonOut out, Decided one) {
    out.text("rule", one.rule())
        .flag("passed", one.passed())
        .text("message", one.message())
        .decimalMap("observed", one.observed());
  }

  private static Decided decided(JsonIn in) throws FormException {
    return new Decided(
        in.text("rule"), in.flag("passed"), in.findText("message"), in.decimalMap("observed"));
  }

  private static void restored(JsonOut out, RestoredSet set) {
    out.number("number", set.number())
        .array("tables", set.tables(), Forms::output)
        .text("config", set.config());
  }

  private static RestoredSet restored(JsonIn in) throws FormException {
    return new RestoredSet(
        in.number("number"), in.array("tables", Forms::output), in.text("config"));
  }
}
