package io.mlpipeline.model;

/** What an external input is made of. */
public enum InputKind {
  /** Files of a known format. */
  FILES,
  /** A Delta table at a version. */
  TABLE,
  /** Rows that a database gives when it is asked: nobody can say if they are the same twice. */
  JDBC,
  /** A registered model's version, or whatever has come to a promotion stage. */
  MODEL
}
