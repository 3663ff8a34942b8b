package io.mlpipeline.port;

import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.StepReport;
import java.time.Duration;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Told of a run as it goes on; called from several threads; must be quick and must not throw. */
public interface RunListener {

  /** Another run of the pipeline goes on, or seems to; said once for each, before a run starts. */
  default void runWaits(String why) {}

  /** A run starts. */
  default void runStarted(String runId, String pipeline, int steps) {}

  /** A step starts to be computed or judged. */
  default void stepStarted(String step, String decision, String reason) {}

  /**
   * A step is at another part of its work: {@code reading}, {@code staging}, {@code auditing}...
   */
  default void stepAt(String step, String phase) {}

  /** Something worth a line of its own happened, such as a model's registration. */
  default void stepNoted(String step, String text) {}

  /** An attempt failed and another one will be made after a pause. */
  default void stepRetries(String step, FailureRecord failure, Duration pause) {}

  /**
   * Partitions of a step were published together, or were not.
   *
   * @param failure why they were not; null if they were
   */
  default void partitionsEnded(
      String step, SortedSet<String> partitions, @Nullable FailureRecord failure) {}

  /** A step ended, in whatever way. */
  default void stepEnded(StepReport report) {}

  /** The run ended. */
  default void runEnded(RunReport report) {}
}
