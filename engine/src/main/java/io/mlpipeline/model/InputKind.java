package io.mlpipeline.model;

/** What an external input is made of. */
public enum InputKind {
  /** Files of a known format. */
  FILES,
  /** A Delta table at a version. */
  TABLE
}
