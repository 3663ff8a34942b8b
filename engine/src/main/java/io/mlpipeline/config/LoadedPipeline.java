package io.mlpipeline.config;

import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file as read, or all that is wrong with it.
 *
 * @param spec the pipeline; null if it could not be built at all; not to be used if there are
 *     problems
 * @param problems everything that is wrong, by file and line
 * @param files every file that was read, absolute, in the order of reading
 * @param texts what was read, by the file's path below the working directory
 */
public record LoadedPipeline(
    @Nullable PipelineSpec spec,
    List<Problem> problems,
    List<Path> files,
    SortedMap<String, String> texts) {

  public LoadedPipeline {
    problems = List.copyOf(problems);
    files = List.copyOf(files);
    texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
  }
}
