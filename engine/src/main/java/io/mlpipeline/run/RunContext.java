package io.mlpipeline.run;

import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.port.RunListener;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all steps of one run share.
 *
 * @param id the run
 * @param spec the pipeline
 * @param code what is known of each step's code
 * @param config the configuration files as they were read, text by path
 * @param facts what lineage says of the run besides: versions, user, host, git commit
 * @param warehouse the warehouse's URI
 * @param listener told of everything
 */
public record RunContext(
    RunId id,
    PipelineSpec spec,
    Map<String, StepCode> code,
    SortedMap<String, String> config,
    SortedMap<String, String> facts,
    String warehouse,
    RunListener listener) {

  public RunContext {
    code = Map.copyOf(code);
    config = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(config));
    facts = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }
}
