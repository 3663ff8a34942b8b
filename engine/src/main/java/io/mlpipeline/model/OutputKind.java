package io.mlpipeline.model;

/** What a step's port carries. */
public enum OutputKind {
  /** A Delta table. */
  TABLE,
  /** An immutable MLlib model directory with a manifest. */
  MODEL
}
