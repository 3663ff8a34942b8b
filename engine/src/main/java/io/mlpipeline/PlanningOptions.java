package io.mlpipeline;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a user says of a pipeline before anything is read.
 *
 * @param pipelineFile the pipeline file, as typed
 * @param workingDirectory what relative paths are relative to
 * @param environment the overlay {@code conf/env/<name>.conf}
 * @param settings {@code --set KEY=VALUE}, in order
 * @param warehouse where tables and records are: a path or a URI
 * @param jars further jars with step classes, as typed
 * @param environmentVariables what an {@code env {}} block may name
 * @param verification whether files are trusted by size and time
 * @param clock the time
 */
public record PlanningOptions(
    Path pipelineFile,
    Path workingDirectory,
    String environment,
    Map<String, String> settings,
    String warehouse,
    List<String> jars,
    Map<String, String> environmentVariables,
    Verification verification,
    InstantSource clock) {

  /** How input files are compared with what is known of them. */
  public enum Verification {
    /** By size, time and inode; their bytes are read only if one of these changed. */
    QUICK,
    /** By reading all bytes. */
    FULL
  }

  public PlanningOptions {
    settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    jars = List.copyOf(jars);
    environmentVariables = Map.copyOf(environmentVariables);
  }
}
