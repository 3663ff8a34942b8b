package io.mlpipeline.json;

import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.SemanticVersion;
import io.mlpipeline.registry.VersionState;

/**
 * The stored form of a {@link ModelState}, sealed. Its format is raised when the rules of the fold
 * change, so that no state of other rules is believed.
 */
public final class ModelStateJson {

  private static final int FORMAT = 1;

  private ModelStateJson() {}

  /** One line of JSON; equal states give equal bytes. */
  public static byte[] write(ModelState state) {
    return Sealed.write(
        FORMAT,
        out ->
            out.text("model", state.model())
                .number("last", state.last())
                .text("last_seal", state.seal())
                .array("versions", state.versions(), ModelStateJson::version));
  }

  /** The state, if its seal holds. */
  public static ModelState read(byte[] document) throws FormException {
    return Sealed.read(document, FORMAT, ModelStateJson::body).value();
  }

  private static ModelState body(JsonIn in) throws FormException {
    return new ModelState(
        in.text("model"),
        in.number("last"),
        in.text("last_seal"),
        in.array("versions", ModelStateJson::version));
  }

  /** The fields of a version as it stands, into an object that is open. */
  public static void version(JsonOut out, VersionState version) {
    out.text("version", version.version().toString())
        .text("digest", version.digest())
        .text("card", version.card())
        .text("stage", version.stage().word())
        .text("since", version.since().toString())
        .number("moved", version.moved())
        .text("author", version.author())
        .number("registered", version.registered())
        .number("evaluated", version.evaluated())
        .texts("approvals", version.approvals())
        .flag("rejected", version.isRejected());
  }

  private static VersionState version(JsonIn in) throws FormException {
    return new VersionState(
        SemanticVersion.parse(in.text("version")),
        in.text("digest"),
        in.text("card"),
        in.constant("stage", PromotionStage.class),
        Forms.instant(in, "since"),
        in.number("moved"),
        in.text("author"),
        in.number("registered"),
        in.number("evaluated"),
        in.texts("approvals"),
        in.flag("rejected"));
  }
}
