package io.mlpipeline.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a run, apart from the pipeline itself.
 *
 * @param only run this step alone; null for all
 * @param from run this step and everything that depends on it; null for all
 * @param to run this step and everything that it needs; null for all
 * @param forced steps that run whatever the fingerprint says
 * @param forceAll whether every selected step runs whatever the fingerprint says
 * @param partitions which of the partitions that are due are made
 */
public record RunRequest(
    @Nullable String only,
    @Nullable String from,
    @Nullable String to,
    Set<String> forced,
    boolean forceAll,
    PartitionChoice partitions) {

  /** Everything, forced nothing. */
  public static final RunRequest ALL = new RunRequest(null, null, null, Set.of(), false);

  public RunRequest {
    forced = Set.copyOf(forced);
  }

  /** A request for every partition that is due. */
  public RunRequest(
      @Nullable String only,
      @Nullable String from,
      @Nullable String to,
      Set<String> forced,
      boolean forceAll) {
    this(only, from, to, forced, forceAll, PartitionChoice.ALL);
  }

  /** The same request for these partitions alone. */
  public RunRequest of(PartitionChoice choice) {
    return new RunRequest(only, from, to, forced, forceAll, choice);
  }

  public boolean forces(String step) {
    return forceAll || forced.contains(step);
  }
}
