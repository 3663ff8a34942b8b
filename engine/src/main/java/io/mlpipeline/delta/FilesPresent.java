package io.mlpipeline.delta;

import io.mlpipeline.model.ModelFile;
import java.util.List;

/** Looks whether the files of a model directory are there. */
@FunctionalInterface
public interface FilesPresent {

  /**
   * Whether every file is there with its size. Content is not read.
   *
   * @param uri the directory, relative to the warehouse
   * @param files the files, relative to the directory
   */
  boolean present(String uri, List<ModelFile> files);
}
