package io.mlpipeline.plan;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.StagedTable;

/** Something that the planner lacks; the shell fetches all of them and asks again. */
public sealed interface Need {

  /** The newest entry of a step under a fingerprint. */
  record Entry(String step, String fingerprint) implements Need {}

  /** Whether an output can still be read as it was recorded. */
  record Output(OutputVersion version) implements Need {}

  /** Whether the files of a rejected table are still there. */
  record Rejected(StagedTable table) implements Need {}
}
