package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Merged;
import io.mlpipeline.port.TableLog;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Puts batches into the tables as they were when the attempt began. */
final class Merges {

  private final AttemptSession session;
  private final TableLog tables;
  private final Map<String, Long> bases;
  private final UnaryOperator<TableLog.Snapshot> seen;

  /**
   * Merges for one attempt.
   *
   * @param bases the heads by URI when the attempt began; whoever writes later is a conflict
   */
  Merges(AttemptSession session, TableLog tables, Map<String, Long> bases) {
    this(session, tables, bases, UnaryOperator.identity());
  }

  /** The same for an attempt that sees what was published in another way. */
  Merges(
      AttemptSession session,
      TableLog tables,
      Map<String, Long> bases,
      UnaryOperator<TableLog.Snapshot> seen) {
    this.session = session;
    this.tables = tables;
    this.bases = bases;
    this.seen = seen;
  }

  /** The whole table with the batch in it; nothing is visible yet. */
  Merged merge(StagedTable batch, OutputSpec output) {
    long base = bases.getOrDefault(batch.uri(), -1L);
    if (base < 0) {
      return new Merged(batch, batch.withFiles(List.of()));
    }
    TableLog.Snapshot current =
        tables
            .find(batch.uri(), base)
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorType.INPUT_GONE,
                        "table " + batch.uri() + " lost version " + base + ", to merge into"));
    return session.merge(batch, output, seen.apply(current));
  }
}
