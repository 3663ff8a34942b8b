package io.mlpipeline.step;

import io.mlpipeline.model.PinnedFile;
import java.util.List;
import java.util.SortedMap;

/**
 * Input files as they lie there, for a step that reads them itself.
 *
 * @param format {@code csv}, {@code json}, {@code parquet}, {@code orc} or {@code avro}
 * @param options the reader's options as written in the pipeline
 * @param files the files, pinned, sorted by name
 */
public record RawFiles(String format, SortedMap<String, String> options, List<PinnedFile> files) {

  public RawFiles {
    files = List.copyOf(files);
  }

  /** The absolute URIs of the files. */
  public String[] paths() {
    return files.stream().map(PinnedFile::path).toArray(String[]::new);
  }
}
