package io.mlpipeline.run;

/**
 * How a run is carried out; never decides a result.
 *
 * @param parallel how many steps may be computed at once, at least 1
 * @param onFailure what happens to the rest when a step fails
 * @param chunk how many partitions of a step are made and published together; 0 for all
 */
public record RunOptions(int parallel, OnFailure onFailure, int chunk) {

  /** A run that makes all partitions of a step together. */
  public RunOptions(int parallel, OnFailure onFailure) {
    this(parallel, onFailure, 0);
  }

  /** What happens to the rest when a step fails. */
  public enum OnFailure {
    /** Nothing new is started; what runs may end. */
    STOP,
    /** Whatever does not depend on it goes on. */
    KEEP_GOING
  }

  public RunOptions {
    if (parallel < 1) {
      throw new IllegalArgumentException("parallel must be at least 1, not " + parallel);
    }
    if (chunk < 0) {
      throw new IllegalArgumentException("a chunk of " + chunk + " partitions");
    }
  }
}
