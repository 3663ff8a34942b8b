package io.mlpipeline.port;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Receipt;
import java.util.List;

/** The lineage of all runs: receipts at once, a Delta table of them later. */
public interface Ledger {

  /** Makes a receipt durable; the same one twice is one. Returns its key below the warehouse. */
  String record(Receipt receipt);

  /** Moves pending receipts into the lineage table, each exactly once; safe to run anywhere. */
  void fold();

  /** The events of one run, folded or pending, in order; empty if there is no such run. */
  List<LineageEvent> run(String runId);

  /**
   * The newest runs of a pipeline, or of all if empty; newest first. One event a run: how it ended,
   * or with the status {@code running} that it has begun.
   */
  List<LineageEvent> runs(String pipeline, int limit);

  /** Every event, folded or pending, in order of start. */
  List<LineageEvent> all();

  /**
   * What was made from what, of every event in that order: for walking lineage up and down. It
   * reads a part of what {@link #all} does.
   */
  List<Derivation> derivations();
}
