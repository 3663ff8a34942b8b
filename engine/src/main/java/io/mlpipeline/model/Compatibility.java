package io.mlpipeline.model;

/** What a version of a contract promises about the version before it. */
public enum Compatibility {
  /** Nothing was said. */
  UNSTATED,
  /** Who reads the older version can read data of this one. */
  BACKWARD,
  /** Readers of the older version must change. */
  BREAKING
}
