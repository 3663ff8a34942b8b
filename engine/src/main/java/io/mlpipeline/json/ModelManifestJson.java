package io.mlpipeline.json;

import io.mlpipeline.model.ModelManifest;

/** The stored form of a {@link ModelManifest}. */
public final class ModelManifestJson {

  private static final int FORMAT = 1;

  private ModelManifestJson() {}

  /** JSON for people too; equal manifests give equal bytes. */
  public static byte[] write(ModelManifest manifest) {
    return JsonOut.pretty(
        out ->
            out.number("format", FORMAT)
                .text("pipeline", manifest.pipeline())
                .text("name", manifest.name())
                .text("digest", manifest.digest())
                .text("uri", manifest.uri())
                .text("run_id", manifest.run())
                .text("attempt", manifest.attempt())
                .array("files", manifest.files(), Forms::modelFile)
                .object("signature", manifest.signature(), Forms::signature));
  }

  public static ModelManifest read(byte[] document) throws FormException {
    return JsonIn.read(
        document,
        FORMAT,
        in ->
            new ModelManifest(
                in.text("pipeline"),
                in.text("name"),
                in.text("digest"),
                in.text("uri"),
                in.text("run_id"),
                in.text("attempt"),
                in.array("files", Forms::modelFile),
                in.findObject("signature", Forms::signature)));
  }
}
