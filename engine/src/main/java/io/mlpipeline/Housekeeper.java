package io.mlpipeline;

import io.mlpipeline.gc.Collector;
import io.mlpipeline.gc.GcOptions;
import io.mlpipeline.gc.GcPlan;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Recipe;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Housekeeping of one warehouse, without Spark: what nobody needs is found and removed. A second
 * one at the same time does no harm.
 */
public final class Housekeeper {

  private final Warehouse warehouse;
  private final Collector collector;
  private final InstantSource clock;

  Housekeeper(Warehouse warehouse, Collector collector, InstantSource clock) {
    this.warehouse = warehouse;
    this.collector = collector;
    this.clock = clock;
  }

  /**
   * Finds out what could go; changes nothing.
   *
   * @throws io.mlpipeline.model.EngineException as {@link Collector#plan}
   */
  public GcPlan plan(GcOptions options) {
    return collector.plan(options, pinned(clock.instant().minus(options.age())));
  }

  /**
   * Does what was planned.
   *
   * @param by who, for the records
   * @return what was left after all, and why
   */
  public List<String> carryOut(GcPlan plan, String by) {
    return collector.carryOut(plan, by);
  }

  /** What runs since then have pinned, and the newest run of every pipeline, by pipeline. */
  private Map<String, List<PinnedSource>> pinned(Instant since) {
    Map<String, List<PinnedSource>> pinned = new TreeMap<>();
    Set<String> seals = new HashSet<>();
    Set<String> pipelines = new HashSet<>();
    for (LineageEvent run : warehouse.ledger().runs("", Integer.MAX_VALUE)) { // newest first
      String seal = run.facts().get(Recipe.FACT);
      boolean counts = pipelines.add(run.pipeline()) || run.ended().isAfter(since);
      if (counts && seal != null && seals.add(seal)) {
        List<PinnedSource> sources =
            pinned.computeIfAbsent("runs of " + run.pipeline(), key -> new ArrayList<>());
        Recipes.find(warehouse, seal).stream()
            .flatMap(recipe -> recipe.sources().stream())
            .filter(source -> source.kind() != InputKind.FILES)
            .forEach(sources::add);
      }
    }
    return pinned;
  }
}
