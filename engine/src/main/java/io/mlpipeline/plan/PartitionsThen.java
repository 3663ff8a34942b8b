package io.mlpipeline.plan;

import io.mlpipeline.model.ContentDigest;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.StepSpec;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a table that is made by partition has of a run: the partitions that were made
 * under what the run knew. The others were published by earlier runs, of other rows, code or
 * params, and stayed.
 *
 * @param work the partitions to make again, and what to read for them; none is taken from elsewhere
 * @param content what the version holds of them
 * @param others the partitions that the version has from earlier runs
 * @param problem why nobody can tell the ones from the others; null if it is known
 */
public record PartitionsThen(
    PartitionWork work, ContentDigest content, SortedSet<String> others, @Nullable String problem) {

  public PartitionsThen {
    others = Collections.unmodifiableSortedSet(new TreeSet<>(others));
  }

  /**
   * Tells them apart by their keys.
   *
   * @param then what the step was keyed by
   * @param read what it read
   * @param externals what the pipeline says of inputs from outside, by dataset name
   * @param inputs what an input held by partition; empty if nobody can tell
   * @param recorded the records of the version's content, which differ in keys alone; at least one
   */
  public static PartitionsThen of(
      Fingerprint then,
      StepSpec step,
      List<PinnedInput> read,
      Map<String, InputSpec> externals,
      Function<Need.Partitions, Optional<PartitionSet>> inputs,
      List<PartitionSet> recorded) {
    String base = Fingerprints.base(then, step, read);
    Knowledge asked = new Knowledge(knowing(Map.of()));
    StepPartitions.of(step, base, read, externals, asked);
    Map<String, Optional<PartitionSet>> known = new HashMap<>();
    for (Need need : asked.needs()) {
      if (need instanceof Need.Partitions wanted) {
        known.put(History.partitionsKey(wanted), inputs.apply(wanted));
      }
    }
    StepPartitions parts =
        StepPartitions.of(step, base, read, externals, new Knowledge(knowing(known)));
    return divided(parts, recorded);
  }

  private static History knowing(Map<String, Optional<PartitionSet>> partitions) {
    LastState none = new LastState("", Collections.emptySortedMap());
    return new History(Map.of(), none, Map.of(), Map.of(), Map.of(), partitions, Map.of());
  }

  private static PartitionsThen divided(StepPartitions parts, List<PartitionSet> recorded) {
    SortedMap<String, String> keys = new TreeMap<>();
    SortedSet<String> others = new TreeSet<>();
    ContentDigest content = ContentDigest.EMPTY;
    for (PartitionSet set : recorded) {
      for (Map.Entry<String, PartitionSet.Part> one : set.partitions().entrySet()) {
        String key = one.getValue().key();
        boolean isOfThen = key.equals(parts.keys().get(one.getKey()));
        if (!isOfThen) {
          others.add(one.getKey());
        } else if (keys.put(one.getKey(), key) == null) {
          content = content.plus(ContentDigest.parse(one.getValue().content()));
        }
      }
    }
    others.removeAll(keys.keySet());
    PartitionWork work =
        new PartitionWork(
            new TreeSet<>(keys.keySet()),
            Collections.emptySortedSet(),
            keys.size() + others.size(),
            keys,
            parts.reads(keys.keySet()),
            null,
            PartitionSet.EMPTY,
            PartitionWork.Judging.ASKED);
    return new PartitionsThen(work, content, others, parts.problem());
  }
}
