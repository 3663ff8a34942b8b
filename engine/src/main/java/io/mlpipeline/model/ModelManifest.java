package io.mlpipeline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a model exist: written last, put if absent, never changed. A model is loaded only if
 * every file is as the manifest says and every class in its metadata is allowed.
 *
 * @param pipeline the pipeline
 * @param name the model's name
 * @param digest {@code m1:<64 hex>}
 * @param uri the directory, relative to the warehouse
 * @param run the run that made it
 * @param attempt the attempt that made it
 * @param files every file, sorted by path
 * @param signature what it takes and gives; null if the step did not say
 */
public record ModelManifest(
    String pipeline,
    String name,
    String digest,
    String uri,
    String run,
    String attempt,
    List<ModelFile> files,
    @Nullable ModelSignature signature) {

  public ModelManifest {
    files = List.copyOf(files);
  }

  /** A manifest of a model whose signature is not known. */
  public ModelManifest(
      String pipeline,
      String name,
      String digest,
      String uri,
      String run,
      String attempt,
      List<ModelFile> files) {
    this(pipeline, name, digest, uri, run, attempt, files, null);
  }
}
