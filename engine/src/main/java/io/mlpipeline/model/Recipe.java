package io.mlpipeline.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run was made from besides its code: enough to read the same pipeline again and to find the
 * same external inputs. Immutable, named by its content; runs that were made from the same share
 * one.
 *
 * @param pipelineFile the pipeline file, absolute
 * @param workingDirectory what relative paths of data and jars were relative to, absolute
 * @param environment the overlay in force
 * @param settings what {@code --set} said; never a secret, which belongs into {@code env {}}
 * @param jars further jars, as typed
 * @param config the configuration files as they were read, text by absolute path
 * @param sources the external inputs as they were pinned, files with their digests
 */
public record Recipe(
    String pipelineFile,
    String workingDirectory,
    String environment,
    SortedMap<String, String> settings,
    List<String> jars,
    SortedMap<String, String> config,
    List<PinnedSource> sources) {

  /** The name of the fact that says by which recipe a run was made. */
  public static final String FACT = "recipe";

  public Recipe {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    jars = List.copyOf(jars);
    config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
    sources = List.copyOf(sources);
  }
}
