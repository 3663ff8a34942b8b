package io.mlpipeline.port;

import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PinnedSource;
import java.util.Optional;

/** Resolves external inputs, once a run, at planning. */
public interface SourcePins {

  /**
   * Pins an input: files by SHA-256 behind a stat cache, a table by its content digest or (table
   * id, last version that changed data or schema). Empty if there is no such file or table.
   *
   * @throws io.mlpipeline.model.EngineException if it is there and cannot be read
   */
  Optional<PinnedSource> pin(InputSpec input);
}
