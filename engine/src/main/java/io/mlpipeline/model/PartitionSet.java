package io.mlpipeline.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a version of a table holds, partition by partition; with it the planner knows which of them
 * are stale. A value: equal contents are one stored object.
 *
 * @param partitions what is known of each partition, by {@link PartitionNames name}
 */
public record PartitionSet(SortedMap<String, Part> partitions) {

  /** No partitions. */
  public static final PartitionSet EMPTY = new PartitionSet(Collections.emptySortedMap());

  /**
   * One partition.
   *
   * @param content equal content gives equal text: the {@link ContentDigest} as text, or a hash
   *     over the files of a table that others write
   * @param key what it was made under, see {@link PartitionKey}; empty if nobody knows
   */
  public record Part(String content, String key) {}

  public PartitionSet {
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
  }

  /** The digest of the whole table; only where every content is a digest. */
  public ContentDigest digest() {
    return partitions.values().stream()
        .map(part -> ContentDigest.parse(part.content()))
        .reduce(ContentDigest.EMPTY, ContentDigest::plus);
  }

  /** Whether every content is a digest, so that they add up. */
  public boolean addsUp() {
    return partitions.values().stream().allMatch(part -> part.content().startsWith("c1:"));
  }
}
