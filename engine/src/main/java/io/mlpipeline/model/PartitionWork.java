package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The part of a partitioned step that a run has to do.
 *
 * @param asked the partitions to make, in order
 * @param removed partitions that nothing is there for any more
 * @param total how many partitions there are
 * @param keys what each asked partition is made under
 * @param reads by input port, the partitions to read; ports that are not here are read whole
 * @param base the published version whose other partitions stay; null for none
 * @param kept what is known of the base's partitions; empty without a base
 * @param judging what the gates judge
 */
public record PartitionWork(
    SortedSet<String> asked,
    SortedSet<String> removed,
    int total,
    SortedMap<String, String> keys,
    SortedMap<String, SortedSet<String>> reads,
    @Nullable OutputVersion base,
    PartitionSet kept,
    Judging judging) {

  /** What the gates judge before partitions are published. */
  public enum Judging {
    /** The partitions that were made. */
    ASKED,
    /** The whole table, since the gates changed, or because they say so. */
    WHOLE
  }

  public PartitionWork {
    asked = Collections.unmodifiableSortedSet(new TreeSet<>(asked));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
    keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
    reads = Collections.unmodifiableSortedMap(new TreeMap<>(reads));
  }

  /** This work for some of the partitions; what vanished is removed with the first of them. */
  public PartitionWork only(SortedSet<String> some, StepSpec step) {
    SortedMap<String, String> its = new TreeMap<>(keys);
    its.keySet().retainAll(some);
    SortedMap<String, SortedSet<String>> read = new TreeMap<>();
    reads.forEach(
        (port, all) -> {
          SortedSet<String> wanted = new TreeSet<>();
          some.forEach(name -> wanted.addAll(step.use(port).of(name, all)));
          read.put(port, wanted);
        });
    boolean isFirst = asked.isEmpty() || some.contains(asked.first());
    SortedSet<String> gone = isFirst ? removed : Collections.emptySortedSet();
    return new PartitionWork(some, gone, total, its, read, base, kept, judging);
  }

  /** The same work on top of another version. */
  public PartitionWork on(@Nullable OutputVersion version, PartitionSet set) {
    return new PartitionWork(asked, removed, total, keys, reads, version, set, judging);
  }

  /** Whether a partition of the base stays as it is. */
  public boolean stays(String partition) {
    return !asked.contains(partition) && !removed.contains(partition);
  }
}
