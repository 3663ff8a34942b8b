package io.mlpipeline.json;

import io.mlpipeline.model.ModelManifest;

/**
 * The stored form of a {@link ModelManifest}. Its seal is that of the same fields on one line, so
 * that what a model takes and gives is as safe from hands as its files are. Those of the first form
 * have no seal and are read as they are.
 */
public final class ModelManifestJson {

  private static final int SEALED = 2;

  private ModelManifestJson() {}

  /** JSON for people too; equal manifests give equal bytes. */
  public static byte[] write(ModelManifest manifest) {
    return JsonOut.pretty(
        out -> {
          out.number("format", SEALED);
          body(out, manifest);
          out.text("seal", seal(manifest));
        });
  }

  private static void body(JsonOut out, ModelManifest manifest) {
    out.text("pipeline", manifest.pipeline())
        .text("name", manifest.name())
        .text("digest", manifest.digest())
        .text("uri", manifest.uri())
        .text("run_id", manifest.run())
        .text("attempt", manifest.attempt())
        .array("files", manifest.files(), Forms::modelFile)
        .object("signature", manifest.signature(), Forms::signature);
  }

  private static String seal(ModelManifest manifest) {
    return Sealed.of(Sealed.write(SEALED, out -> body(out, manifest)));
  }

  /** The manifest, if its seal holds. */
  public static ModelManifest read(byte[] document) throws FormException {
    return JsonIn.read(document, SEALED, ModelManifestJson::manifest);
  }

  private static ModelManifest manifest(JsonIn in) throws FormException {
    ModelManifest manifest =
        new ModelManifest(
            in.text("pipeline"),
            in.text("name"),
            in.text("digest"),
            in.text("uri"),
            in.text("run_id"),
            in.text("attempt"),
            in.array("files", Forms::modelFile),
            in.findObject("signature", Forms::signature));
    if (in.number("format") >= SEALED && !in.text("seal").equals(seal(manifest))) {
      throw FormException.damaged("it is not what was sealed");
    }
    return manifest;
  }
}
