package io.mlpipeline.delta;

import io.mlpipeline.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Looks whether the files of a model directory are there. */
public interface FilesPresent {

  /**
   * Whether every file is there with its size. Content is not read.
   *
   * @param uri the directory, relative to the warehouse
   * @param files the files, relative to the directory
   */
  boolean present(String uri, List<ModelFile> files);

  /** Opens one of the files. */
  InputStream open(String uri, ModelFile file) throws IOException;

  /** Whether every file is there, byte by byte. Reads all of them. */
  default boolean same(String uri, List<ModelFile> files) {
    return present(uri, files) && files.stream().allMatch(file -> hasBytes(uri, file));
  }

  private boolean hasBytes(String uri, ModelFile file) {
    try (InputStream in = open(uri, file)) {
      return SourceHashes.ofBytes(in, file.size()).equals(file.sha256());
    } catch (IOException e) {
      return false; // what cannot be read is no model either
    }
  }
}
