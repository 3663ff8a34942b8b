package io.mlpipeline.plan;

import io.mlpipeline.model.LastState;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.ReuseEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known, as a value. It grows while a run goes on; the planner asks for what it lacks.
 *
 * @param sources the external inputs, pinned once, by dataset name; an input that is not there is
 *     absent
 * @param last every step's newest entry
 * @param entries the newest success (or else the newest rejection) by {@link #entryKey}; an empty
 *     value means that there is none
 * @param outputs state by {@link #outputKey}
 * @param rejectedFiles whether the files of a rejected table are there, by {@code <uri>@<attempt>}
 * @param partitions what versions of tables hold by partition, by {@link #partitionsKey}; an empty
 *     value means that nobody can tell
 * @param done what steps of this run ended with, by step
 */
public record History(
    Map<String, PinnedSource> sources,
    LastState last,
    Map<String, Optional<ReuseEntry>> entries,
    Map<String, OutputState> outputs,
    Map<String, Boolean> rejectedFiles,
    Map<String, Optional<PartitionSet>> partitions,
    Map<String, Done> done) {

  /**
   * What a step of this run ended with.
   *
   * @param ok whether its outputs may be read
   * @param outputs what it published or reused; empty unless ok
   */
  public record Done(boolean ok, List<OutputVersion> outputs) {

    public Done {
      outputs = List.copyOf(outputs);
    }
  }

  public History {
    sources = Map.copyOf(sources);
    entries = Map.copyOf(entries);
    outputs = Map.copyOf(outputs);
    rejectedFiles = Map.copyOf(rejectedFiles);
    partitions = Map.copyOf(partitions);
    done = Map.copyOf(done);
  }

  /** Where nothing is known of partitions. */
  public History(
      Map<String, PinnedSource> sources,
      LastState last,
      Map<String, Optional<ReuseEntry>> entries,
      Map<String, OutputState> outputs,
      Map<String, Boolean> rejectedFiles,
      Map<String, Done> done) {
    this(sources, last, entries, outputs, rejectedFiles, Map.of(), done);
  }

  /** The key of {@link #partitions}. */
  public static String partitionsKey(Need.Partitions need) {
    return need.uri() + "@" + need.version() + "#" + need.set();
  }

  /** The key of {@link #entries}. */
  public static String entryKey(String step, String fingerprint) {
    return step + "/" + fingerprint;
  }

  /** The key of {@link #outputs}. */
  public static String outputKey(OutputVersion version) {
    return version.uri() + "@" + version.version() + "#" + version.digest();
  }

  /** The same knowledge and what one step of this run ended with. */
  public History with(String step, Done ended) {
    Map<String, Done> grown = new HashMap<>(done);
    grown.put(step, ended);
    return new History(sources, last, entries, outputs, rejectedFiles, partitions, grown);
  }
}
