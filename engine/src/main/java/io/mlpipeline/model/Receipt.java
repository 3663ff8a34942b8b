package io.mlpipeline.model;

import java.util.List;

/**
 * A batch of lineage events that became durable together: one small JSON object, put if absent.
 *
 * @param run the run
 * @param ordinal the batch's number within the run, from 0
 * @param events the events
 */
public record Receipt(String run, int ordinal, List<LineageEvent> events) {

  public Receipt {
    events = List.copyOf(events);
  }
}
