package io.mlpipeline.plan;

/** Whether an output can be read as it was recorded. */
public enum OutputState {
  /** It is the head of its table; or the model's manifest and files are there. */
  HEAD,
  /** The head moved, but this version and all of its files are there. */
  READABLE,
  /** It cannot be read any more. */
  GONE
}
