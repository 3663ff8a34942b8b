package io.mlpipeline.run;

import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.plan.VerdictKey;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Delivered;
import io.mlpipeline.port.ReuseIndex;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Delivers published outputs to their sinks.
 *
 * <p>Before it begins, an entry says that the outputs are published and not delivered: whoever
 * finds it, after a failure or a kill, judges and delivers, and computes nothing.
 */
final class Outbox {

  private final ReuseIndex reuse;

  Outbox(ReuseIndex reuse) {
    this.reuse = reuse;
  }

  static boolean isAsked(StepSpec step) {
    return step.outputs().stream().anyMatch(output -> output.sink() != null);
  }

  /**
   * Delivers every output that has a sink, one after the other.
   *
   * @param entry what will be on record when all is delivered
   * @param tables the files of the outputs, by port
   * @return the counts, as metrics
   * @throws UndeliveredException if a sink did not receive all
   */
  SortedMap<String, Double> deliver(
      AttemptSession session, StepSpec step, ReuseEntry entry, List<StagedTable> tables) {
    ReuseEntry before = undelivered(entry);
    reuse.add(before);
    SortedMap<String, Double> counts = new TreeMap<>();
    for (StagedTable table : tables) {
      OutputSpec output = step.output(table.port()).orElseThrow();
      if (output.sink() != null) {
        try {
          Delivered delivered = session.deliver(table, output, version(entry, table.port()));
          counts.put("delivered_rows." + output.name(), (double) delivered.rows());
          counts.put("delivered_changes." + output.name(), (double) delivered.changed());
        } catch (RuntimeException e) {
          throw new UndeliveredException(before, e);
        }
      }
    }
    return counts;
  }

  private static OutputVersion version(ReuseEntry entry, String port) {
    return entry.outputs().stream().filter(o -> o.port().equals(port)).findFirst().orElseThrow();
  }

  /** Its attempt's number begins with 0, so that of one attempt's entries it is never the newer. */
  private static ReuseEntry undelivered(ReuseEntry entry) {
    int number = entry.attempt().lastIndexOf('-') + 1;
    return new ReuseEntry(
        entry.pipeline(),
        entry.step(),
        entry.fingerprint(),
        VerdictKey.undelivered(entry.verdictKey()),
        entry.verdict(),
        entry.run(),
        entry.attempt().substring(0, number) + "0" + entry.attempt().substring(number),
        entry.at(),
        entry.outputs(),
        entry.metrics(),
        entry.rejected(),
        entry.rejectedModels(),
        entry.gates());
  }
}
