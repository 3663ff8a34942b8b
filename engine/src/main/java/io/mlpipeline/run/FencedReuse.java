package io.mlpipeline.run;

import io.mlpipeline.model.LastState;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.port.Fence;
import io.mlpipeline.port.ReuseIndex;
import java.util.List;
import java.util.Optional;

/** An index whose hint is left to who holds the lease; an entry is true whoever adds it. */
record FencedReuse(ReuseIndex reuse, Fence fence) implements ReuseIndex {

  @Override
  public LastState loadLast(String pipeline) {
    return reuse.loadLast(pipeline);
  }

  @Override
  public Optional<ReuseEntry> find(String pipeline, String step, String fingerprint) {
    return reuse.find(pipeline, step, fingerprint);
  }

  @Override
  public void add(ReuseEntry entry) {
    reuse.add(entry);
  }

  @Override
  public String keep(String uri, PartitionSet set) {
    return reuse.keep(uri, set);
  }

  @Override
  public Optional<PartitionSet> findPartitions(String uri, String name) {
    return reuse.findPartitions(uri, name);
  }

  @Override
  public List<PartitionSet> loadPartitions(String uri) {
    return reuse.loadPartitions(uri);
  }

  @Override
  public void saveLast(LastState state) {
    if (fence.isPassed()) {
      reuse.saveLast(state);
    }
  }
}
