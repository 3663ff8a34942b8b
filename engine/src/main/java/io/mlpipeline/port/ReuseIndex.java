package io.mlpipeline.port;

import io.mlpipeline.model.LastState;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.ReuseEntry;
import java.util.List;
import java.util.Optional;

/** What earlier attempts made, by pipeline, step and fingerprint. */
public interface ReuseIndex {

  /** Every step's newest entry; empty steps if nothing ran. A damaged or newer form is a miss. */
  LastState loadLast(String pipeline);

  /** The newest success under a fingerprint, else the newest rejection, else empty. */
  Optional<ReuseEntry> find(String pipeline, String step, String fingerprint);

  /** Adds an entry; it counts from then on. The same attempt twice is one entry. */
  void add(ReuseEntry entry);

  /**
   * Keeps what a version of a table holds by partition.
   *
   * @param uri the table's root, relative to the warehouse
   * @return its name, by which {@link #findPartitions} finds it; equal sets have equal names
   */
  String keep(String uri, PartitionSet set);

  /** What was kept under a name; empty if it is not there, or is not what was kept. */
  Optional<PartitionSet> findPartitions(String uri, String name);

  /**
   * Everything that was kept of a table, whatever version it is of; what is damaged is left out.
   */
  List<PartitionSet> loadPartitions(String uri);

  /** Replaces the hint. */
  void saveLast(LastState state);
}
