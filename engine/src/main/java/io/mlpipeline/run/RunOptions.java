package io.mlpipeline.run;

/**
 * How a run is carried out; never decides a result.
 *
 * @param parallel how many steps may be computed at once, at least 1
 * @param onFailure what happens to the rest when a step fails
 */
public record RunOptions(int parallel, OnFailure onFailure) {

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
  }
}
