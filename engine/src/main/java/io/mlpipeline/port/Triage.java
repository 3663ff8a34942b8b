package io.mlpipeline.port;

import io.mlpipeline.model.EngineException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/** Says what a failure is, from what was thrown and from what the machine saw of the attempt. */
@FunctionalInterface
public interface Triage {

  /** The failure in the engine's words; empty if only the step's own code is behind it. */
  Optional<EngineException> classify(Throwable thrown);

  /**
   * The same, told what was seen of the attempt: why tasks failed is known better from their
   * reports than from the words of an exception.
   */
  default Optional<EngineException> classify(Throwable thrown, SortedMap<String, String> evidence) {
    return classify(thrown);
  }

  /**
   * What was seen of an attempt that failed, by name, bounded in size: its last stage and task, the
   * executor, rows and bytes read, spilled bytes, peak memory. Empty if it did nothing.
   *
   * @param attempt the attempt's id
   */
  default SortedMap<String, String> evidence(String attempt) {
    return Collections.emptySortedMap();
  }
}
