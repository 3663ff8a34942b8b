package io.mlpipeline.model;

/** What a contract does about a column that it does not name. */
public enum NewColumns {
  /** The data breaks the contract. */
  REJECT,
  /** The column is left out, and the report says so. */
  WARN,
  /** The column is left out. */
  DROP
}
