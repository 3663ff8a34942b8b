package io.mlpipeline.model;

/** Whose turn it is after a failure; decides the exit code. */
public enum ErrorCategory {
  /** A bug of ours. */
  INTERNAL(1),
  /** What the user wrote. */
  CONFIG(2),
  /** The step failed and will fail again. */
  STEP(3),
  /** The step failed and a retry may help. */
  TRANSIENT(4),
  /** A gate rejected. */
  REJECTED(5),
  /** Somebody must approve. */
  WAITING(6),
  /** Another run or writer was there first. */
  CONFLICT(7),
  /** Disk, permission, store or versions. */
  ENVIRONMENT(8),
  /** Nobody knows if a publish happened. */
  UNKNOWN_OUTCOME(9),
  /** Somebody stopped the run. */
  CANCELLED(130);

  private final int exitCode;

  ErrorCategory(int exitCode) {
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
