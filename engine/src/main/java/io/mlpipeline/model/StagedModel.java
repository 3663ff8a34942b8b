package io.mlpipeline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model directory that was written under an attempt's own path and has no manifest yet, so that
 * nobody can load it.
 *
 * @param port the step's port
 * @param name the model's name
 * @param uri the directory, relative to the warehouse
 * @param digest {@code m1:<64 hex>} over the normalized content
 * @param files every file with its length and SHA-256, sorted by path
 * @param signature what it takes and gives; null if the step did not say
 */
public record StagedModel(
    String port,
    String name,
    String uri,
    String digest,
    List<ModelFile> files,
    @Nullable ModelSignature signature) {

  public StagedModel {
    files = List.copyOf(files);
  }

  /** A model whose signature is not known. */
  public StagedModel(String port, String name, String uri, String digest, List<ModelFile> files) {
    this(port, name, uri, digest, files, null);
  }

  /** The same model with what it takes and gives. */
  public StagedModel with(@Nullable ModelSignature known) {
    return new StagedModel(port, name, uri, digest, files, known);
  }

  public long bytes() {
    return files.stream().mapToLong(ModelFile::size).sum();
  }
}
