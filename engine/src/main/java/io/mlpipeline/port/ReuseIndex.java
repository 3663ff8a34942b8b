package io.mlpipeline.port;

import io.mlpipeline.model.LastState;
import io.mlpipeline.model.ReuseEntry;
import java.util.Optional;

/** What earlier attempts made, by pipeline, step and fingerprint. */
public interface ReuseIndex {

  /** Every step's newest entry; empty steps if nothing ran. A damaged or newer form is a miss. */
  LastState loadLast(String pipeline);

  /** The newest success under a fingerprint, else the newest rejection, else empty. */
  Optional<ReuseEntry> find(String pipeline, String step, String fingerprint);

  /** Adds an entry; it counts from then on. The same attempt twice is one entry. */
  void add(ReuseEntry entry);

  /** Replaces the hint. */
  void saveLast(LastState state);
}
