package io.mlpipeline.model;

/** What a step's port carries. */
public enum OutputKind {
  /** A Delta table. */
  TABLE,
  /** An immutable MLlib model directory with a manifest. */
  MODEL,
  /** A version of a registered model: an event of the registry and the card that it names. */
  REGISTRATION
}
