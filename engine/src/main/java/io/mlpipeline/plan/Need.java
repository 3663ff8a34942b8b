package io.mlpipeline.plan;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.StagedTable;
import org.jspecify.annotations.Nullable;

/** Something that the planner lacks; the shell fetches all of them and asks again. */
public sealed interface Need {

  /** The newest entry of a step under a fingerprint. */
  record Entry(String step, String fingerprint) implements Need {}

  /** Whether an output can still be read as it was recorded. */
  record Output(OutputVersion version) implements Need {}

  /**
   * What a version of a table holds, partition by partition.
   *
   * @param set where it is on record; null, or not there: its files by partition will do
   */
  record Partitions(String uri, long version, @Nullable String set) implements Need {}

  /** Whether the files of a rejected table are still there. */
  record Rejected(StagedTable table) implements Need {}
}
