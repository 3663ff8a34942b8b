package io.mlpipeline;

import io.mlpipeline.gc.Collector;
import io.mlpipeline.gc.Garbage;
import io.mlpipeline.gc.GcOptions;
import io.mlpipeline.gc.GcPlan;
import io.mlpipeline.gc.PastRuns;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.port.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
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

  /** Where runs make directories of their own, which nobody writes to after a day. */
  private static final List<String> EMPTIED =
      List.of(
          "_ml/receipts",
          "_ml/reproduce",
          "_ml/runs",
          "_ml/models",
          "_ml/partitions",
          "_ml/gc/released");

  private final Warehouse warehouse;
  private final Collector collector;
  private final InstantSource clock;
  private final OldSamples samples;

  Housekeeper(Warehouse warehouse, Collector collector, InstantSource clock) {
    this.warehouse = warehouse;
    this.collector = collector;
    this.clock = clock;
    this.samples = new OldSamples(warehouse);
  }

  /**
   * Finds out what could go; changes nothing.
   *
   * @throws io.mlpipeline.model.EngineException as {@link Collector#plan}
   */
  public GcPlan plan(GcOptions options) {
    Instant limit = clock.instant().minus(options.age());
    GcPlan plan = collector.plan(options, past(limit));
    return options.table() == null ? plan.and(samples.find(limit)) : plan;
  }

  /**
   * Does what was planned.
   *
   * @param by who, for the records
   * @return what was left after all, and why
   */
  public List<String> carryOut(GcPlan plan, String by) {
    List<String> left = collector.carryOut(plan, by);
    plan.garbage().stream()
        .filter(one -> one.sort() == Garbage.Sort.SAMPLE)
        .forEach(samples::remove);
    Instant since = plan.at().minus(GcOptions.SHORTEST);
    EMPTIED.forEach(below -> warehouse.files().removeEmpty(below, since));
    return left;
  }

  /** When the oldest run began that goes on, by its lease; the future if none does. */
  private Instant oldestRun() {
    Instant dead = clock.instant().minus(GcOptions.SHORTEST);
    Instant oldest = Instant.MAX.minus(Duration.ofDays(2));
    Set<String> pipelines = new HashSet<>();
    for (String key : warehouse.objects().list("leases/")) {
      pipelines.add(key.substring("leases/".length(), key.lastIndexOf('/')));
    }
    for (String pipeline : pipelines) {
      LeaseStore.Seen seen = warehouse.leases().look(pipeline);
      LeaseClaim holder = seen.holder();
      Instant beat = seen.beatAt() == null && holder != null ? holder.since() : seen.beatAt();
      boolean goesOn =
          seen.standing() == LeaseStore.Standing.OPEN && beat != null && beat.isAfter(dead);
      if (goesOn && holder != null && holder.since().isBefore(oldest)) {
        oldest = holder.since();
      }
    }
    return oldest;
  }

  /** What runs since then have pinned, and the newest run of every pipeline. */
  private PastRuns past(Instant since) {
    Map<String, List<PinnedSource>> pinned = new TreeMap<>();
    Set<String> seals = new HashSet<>();
    Set<String> pipelines = new HashSet<>();
    Map<String, String> recipes = new HashMap<>();
    for (LineageEvent run : warehouse.ledger().runs("", Integer.MAX_VALUE)) { // newest first
      String seal = run.facts().get(Recipe.FACT);
      boolean counts = pipelines.add(run.pipeline()) || run.ended().isAfter(since);
      if (seal != null) {
        recipes.put(run.runId(), seal);
      }
      if (counts && seal != null && seals.add(seal)) {
        List<PinnedSource> sources =
            pinned.computeIfAbsent("runs of " + run.pipeline(), key -> new ArrayList<>());
        Recipes.find(warehouse, seal).stream()
            .flatMap(recipe -> recipe.sources().stream())
            .filter(source -> source.kind() != InputKind.FILES)
            .forEach(sources::add);
      }
    }
    return new PastRuns(pinned, recipes, seals, oldestRun());
  }
}
