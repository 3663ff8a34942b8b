package io.mlpipeline.plan;

/** Why a step is decided as it is. */
public enum ReasonKind {
  /** It never ran in this warehouse. */
  FIRST_RUN,
  /** At least one ingredient differs from the newest run. */
  INGREDIENTS_CHANGED,
  /** Some of its partitions are stale, new, or gone. */
  PARTITIONS_STALE,
  /** Somebody asked for it. */
  FORCED,
  /** What an earlier run published can no longer be read. */
  OUTPUT_GONE,
  /** The gates differ from those that judged the result. */
  GATE_CHANGED,
  /** The newest result of this fingerprint was rejected, and its files are still there. */
  REJECTED_BEFORE,
  /** The newest result of this fingerprint was rejected, and its files are gone. */
  REJECTED_FILES_GONE,
  /** Nothing changed since the newest run. */
  UNCHANGED,
  /** The same ingredients were computed by an earlier run, not the newest. */
  SEEN_BEFORE,
  /**
   * The table has a newer version: that of the entry is restored as the head, or, where the output
   * is merged, its rows are merged again.
   */
  HEAD_MOVED,
  /** A step above it is not done yet. */
  UPSTREAM_PENDING,
  /** A step above it failed, was rejected, or is blocked. */
  UPSTREAM_FAILED,
  /** An input from outside is not there. */
  INPUT_MISSING,
  /** The step above it is not selected and has published nothing. */
  UPSTREAM_UNPUBLISHED,
  /** The selection leaves it out. */
  NOT_SELECTED
}
