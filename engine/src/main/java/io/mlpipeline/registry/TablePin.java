package io.mlpipeline.registry;

import io.mlpipeline.model.OutputVersion;
import org.jspecify.annotations.Nullable;

/**
 * A table version that a registered version needs, and what is left of it.
 *
 * @param table what is needed
 * @param head the table's newest version; -1 if there is no table
 * @param state what is left
 * @param problem why it cannot be read, with the files that are gone; null unless lost
 */
public record TablePin(OutputVersion table, long head, State state, @Nullable String problem) {

  /** What is left of a pinned version. */
  public enum State {
    /** The table's newest version holds the same content. */
    CURRENT,
    /** The newest version holds something else; the pinned one can be read. */
    BEHIND,
    /** The pinned one cannot be read any more. */
    LOST
  }
}
