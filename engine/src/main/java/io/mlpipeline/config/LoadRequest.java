package io.mlpipeline.config;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What it takes to read a pipeline: nothing else of the machine is looked at.
 *
 * @param pipelineFile the file as the user typed it; may be relative to the working directory
 * @param workingDirectory what relative paths of data and jars are relative to
 * @param environment the overlay {@code env/<environment>.conf} under the conf root; only that of
 *     {@code local} may be absent
 * @param settings {@code --set KEY=VALUE}, in order; they override everything
 * @param warehouse what {@code ${warehouse}} stands for
 * @param environmentVariables reachable only through the pipeline's {@code env} block
 * @param asOf what {@code ${run.as-of}} stands for unless it is set
 * @param stepTypes given the pipeline's jars as absolute paths, knows the step types
 */
public record LoadRequest(
    Path pipelineFile,
    Path workingDirectory,
    String environment,
    Map<String, String> settings,
    String warehouse,
    Map<String, String> environmentVariables,
    LocalDate asOf,
    Function<List<String>, StepTypes> stepTypes) {

  public LoadRequest {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    environmentVariables = Map.copyOf(environmentVariables);
  }
}
