package io.mlpipeline.delta;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.LineageEvent;
import java.util.List;

/**
 * The table that receipts are folded into. Safe from any number of threads and processes; throws
 * {@link io.mlpipeline.model.EngineException}.
 */
public interface EventTable {

  /** The number of the last fold that was committed, from 1; 0 if there was none. */
  long lastFold();

  /**
   * Commits a fold: the events that are not in the table yet, and the number, in one version. Does
   * nothing if that fold or a later one was committed, or if somebody else commits meanwhile.
   *
   * @return whether this call committed it
   */
  boolean append(long fold, List<LineageEvent> events);

  /** The events of one run, in no order. */
  List<LineageEvent> run(String runId);

  /** At least the newest run events of a pipeline, or of all if empty, in no order. */
  List<LineageEvent> runs(String pipeline, int limit);

  /** Every event, in no order. */
  List<LineageEvent> all();

  /** The same of every event, as far as it says what was made from what. */
  List<Derivation> derivations();

  /** Makes few files of many, if there are many and nobody else commits meanwhile. */
  void compact();
}
