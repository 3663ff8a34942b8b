package io.mlpipeline.model;

import java.util.List;

/**
 * A model directory that was written under an attempt's own path and has no manifest yet, so that
 * nobody can load it.
 *
 * @param port the step's port
 * @param name the model's name
 * @param uri the directory, relative to the warehouse
 * @param digest {@code m1:<64 hex>} over the normalized content
 * @param files every file with its length and SHA-256, sorted by path
 */
public record StagedModel(
    String port, String name, String uri, String digest, List<ModelFile> files) {

  public StagedModel {
    files = List.copyOf(files);
  }

  public long bytes() {
    return files.stream().mapToLong(ModelFile::size).sum();
  }
}
