package io.mlpipeline.gc;

import io.mlpipeline.model.PinnedSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What lineage and leases say of runs.
 *
 * @param pinned sources of runs that may be repeated, by who needs them
 * @param recipes the seal of what each run was made from, by run
 * @param repeated seals of runs that may be repeated
 * @param oldest when the oldest run began that goes on; the future if none does
 */
public record PastRuns(
    Map<String, List<PinnedSource>> pinned,
    Map<String, String> recipes,
    Set<String> repeated,
    Instant oldest) {

  public PastRuns {
    pinned = Map.copyOf(pinned);
    recipes = Map.copyOf(recipes);
    repeated = Set.copyOf(repeated);
  }
}
