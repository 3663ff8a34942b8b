package io.mlpipeline.plan;

import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks things up in a history and notes what is not there as needs. Until it is known, an output
 * counts as the head and rejected files count as there, so that one round asks for as much as
 * possible.
 */
final class Knowledge {

  private final History history;
  private final Map<String, Need> needs = new LinkedHashMap<>();

  Knowledge(History history) {
    this.history = history;
  }

  History history() {
    return history;
  }

  List<Need> needs() {
    return List.copyOf(needs.values());
  }

  @Nullable ReuseEntry last(String step) {
    return history.last().steps().get(step);
  }

  /** The entry under a fingerprint; null if there is none or if it is not known yet. */
  @Nullable ReuseEntry entry(String step, String fingerprint) {
    Optional<ReuseEntry> entry = history.entries().get(History.entryKey(step, fingerprint));
    if (entry == null) {
      needs.put("entry " + History.entryKey(step, fingerprint), new Need.Entry(step, fingerprint));
      return null;
    }
    return entry.orElse(null);
  }

  OutputState state(OutputVersion output) {
    OutputState known = history.outputs().get(History.outputKey(output));
    if (known == null) {
      needs.put("output " + History.outputKey(output), new Need.Output(output));
      return OutputState.HEAD;
    }
    return known;
  }

  /** Whether all outputs can be read; asks for every one that is unknown. */
  boolean readable(List<OutputVersion> outputs) {
    boolean readable = true;
    for (OutputVersion output : outputs) {
      readable &= state(output) != OutputState.GONE;
    }
    return readable;
  }

  /**
   * What a table holds by partition; empty if nobody can tell, nothing at all until it is known.
   */
  Optional<PartitionSet> partitions(Need.Partitions wanted) {
    String key = History.partitionsKey(wanted);
    Optional<PartitionSet> known = history.partitions().get(key);
    if (known == null) {
      needs.put("partitions " + key, wanted);
      return Optional.of(PartitionSet.EMPTY);
    }
    return known;
  }

  /** Whether the files of all rejected tables are there; asks for every one that is unknown. */
  boolean filesThere(List<StagedTable> tables) {
    boolean there = true;
    for (StagedTable table : tables) {
      Boolean known = history.rejectedFiles().get(table.uri() + "@" + table.attempt());
      if (known == null) {
        needs.put("rejected " + table.uri() + "@" + table.attempt(), new Need.Rejected(table));
      }
      there &= known == null || known;
    }
    return there;
  }

  static boolean success(@Nullable ReuseEntry entry) {
    return entry != null && entry.verdict() != Verdict.REJECT;
  }
}
