package io.mlpipeline.gc;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.Housekeeping;
import io.mlpipeline.port.Housekeeping.Entry;
import io.mlpipeline.port.Housekeeping.Records;
import io.mlpipeline.port.Housekeeping.Released;
import io.mlpipeline.port.LogFiles;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.WarehouseFiles;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.PromotionStage;
import io.mlpipeline.registry.RegistryEvent;
import io.mlpipeline.registry.VersionState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds what nobody needs, and removes it. What a run might just be about to use (an entry of the
 * reuse index, a model, a registered version) is let go first, and what only it needs goes a day
 * later at the earliest: so nothing is taken from a run that goes on, and none has to wait.
 *
 * <p>Every step of it can be killed: what was let go is kept aside before it goes, a removal is
 * recorded before its files go, and files that are left are found again. Doing it again goes on.
 */
public final class Collector {

  private static final Duration GRACE = Duration.ofDays(1);

  private final WarehouseFiles files;
  private final LogFiles logs;
  private final Housekeeping records;
  private final ModelRegistry registry;
  private final UnaryOperator<String> relative;
  private final InstantSource clock;

  /**
   * Over one warehouse.
   *
   * @param relative makes a URI of a table of the warehouse relative to it
   */
  public Collector(
      WarehouseFiles files,
      LogFiles logs,
      Housekeeping records,
      ModelRegistry registry,
      UnaryOperator<String> relative,
      InstantSource clock) {
    this.files = files;
    this.logs = logs;
    this.records = records;
    this.registry = registry;
    this.relative = relative;
    this.clock = clock;
  }

  /** Whether what was let go then may be removed. */
  static boolean isOver(Instant letGo, Instant now) {
    return !now.isBefore(letGo.plus(GRACE));
  }

  /** From when on, for people. */
  static String over(Instant letGo) {
    return letGo.plus(GRACE).toString().substring(0, 16).replace('T', ' ');
  }

  /**
   * Finds out what could go; changes nothing.
   *
   * @throws EngineException {@code CONFIG_INVALID} if the one table that is asked for is not there,
   *     or if what should go of it is needed; {@code STORAGE_CORRUPT} if a record cannot be read:
   *     it might name something
   */
  public GcPlan plan(GcOptions options, PastRuns past) {
    Instant oldestRun = past.oldest();
    Instant at = clock.instant();
    // What was let go after that run began may be what it uses; nor is anything of its own old.
    Instant now = at.isBefore(oldestRun.plus(GRACE)) ? at : oldestRun.plus(GRACE);
    Instant old = at.minus(options.age());
    Instant limit = old.isBefore(oldestRun) ? old : oldestRun;
    Listing listing = Listing.of(files.list());
    Records all = records.load();
    Needs needs = new Needs(relative);
    List<GcPlan.Registered> surplus = registered(options, needs, limit, now);
    Set<Entry> goes = entries(all, needs, limit);
    for (Released one : all.released()) {
      if (!isOver(one.at(), now)) {
        needs.add(one.value(), Needs.REUSE);
      }
    }
    past.pinned().forEach((who, sources) -> sources.forEach(source -> needs.add(source, who)));
    TableSweep tables = new TableSweep(logs, needs, options, limit);
    listing.tables(options.table()).forEach(tables::look);
    if (options.table() != null) {
      return new GcPlan(
          at,
          versions(tables.garbage()),
          GcPlan.LetGo.nothing(),
          List.of(),
          tables.kept(),
          tables.leftAlone(),
          tables.heads());
    }
    ModelSweep models = new ModelSweep(needs, now, limit);
    models.look(all, listing.models());
    RecordSweep sweep = new RecordSweep(needs, past, now, limit);
    sweep.look(listing.records());
    List<Garbage> garbage = new ArrayList<>(tables.garbage());
    garbage.addAll(sweep.garbage());
    garbage.addAll(models.garbage());
    garbage.addAll(listing.others(limit));
    garbage.sort(Comparator.comparing(Garbage::sort).thenComparing(Garbage::name));
    return new GcPlan(
        at,
        garbage,
        new GcPlan.LetGo(
            surplus,
            models.unused(),
            models.spared(),
            List.copyOf(goes),
            all.released().stream().filter(one -> isOver(one.at(), now)).toList(),
            oldestRun.isAfter(at) ? models.gone() : List.of(), // a run may just be making one again
            sweep.unused(),
            sweep.wanted()),
        waiting(models, all, now),
        tables.kept(),
        tables.leftAlone(),
        tables.heads());
  }

  private static List<String> waiting(ModelSweep models, Records all, Instant now) {
    List<String> waiting = new ArrayList<>(models.waiting());
    all.released().stream()
        .filter(one -> !isOver(one.at(), now))
        .map(Released::at)
        .max(Comparator.naturalOrder())
        .ifPresent(last -> waiting.add("what only reuse entries need from " + over(last) + " on"));
    return waiting;
  }

  private static List<Garbage> versions(List<Garbage> all) {
    return all.stream().filter(one -> one.sort() == Garbage.Sort.VERSION).toList();
  }

  /** Adds what registered versions need; returns those that are beyond what shall be kept. */
  private List<GcPlan.Registered> registered(
      GcOptions options, Needs needs, Instant limit, Instant now) {
    List<GcPlan.Registered> surplus = new ArrayList<>();
    for (String model : registry.models()) {
      ModelState state = registry.state(model);
      for (VersionState version : state.versions()) {
        if (version.removed() == 0 || !isOver(removedAt(model, version), now)) {
          ModelCard card =
              registry.findCard(model, version.card()).orElseThrow(() -> noCard(model, version));
          String name = model + "@" + version.version() + " (" + version.stage().word() + ")";
          needs.add(card, name);
        }
      }
      surplus.addAll(surplus(options, state, limit));
    }
    return surplus;
  }

  private Instant removedAt(String model, VersionState version) {
    return registry
        .event(model, version.removed())
        .map(RegistryEvent::at)
        .orElse(Instant.MAX.minus(GRACE));
  }

  private static EngineException noCard(String model, VersionState version) {
    return new EngineException(
        ErrorType.STORAGE_CORRUPT,
        "nothing was removed: the card of "
            + model
            + "@"
            + version.version()
            + " is gone, and nobody knows what that version needs; restore it from a backup");
  }

  private static List<GcPlan.Registered> surplus(
      GcOptions options, ModelState state, Instant limit) {
    Integer most = options.keepModels();
    if (most == null || options.table() != null) {
      return List.of();
    }
    return state.versions().stream()
        .filter(version -> version.removed() == 0)
        .filter(
            version ->
                version.stage() == PromotionStage.ARCHIVED
                    || version.stage() == PromotionStage.EXPERIMENTAL)
        .sorted(Comparator.comparingLong(VersionState::registered).reversed())
        .skip(most)
        .filter(version -> version.since().isBefore(limit))
        .map(version -> new GcPlan.Registered(state.model(), version))
        .toList();
  }

  /** Adds what entries lead to; returns those that are let go, which count until a day later. */
  private static Set<Entry> entries(Records all, Needs needs, Instant limit) {
    Set<String> newest = new HashSet<>();
    all.last().forEach(entry -> newest.add(entry.attempt()));
    newestSuccess(all).values().forEach(entry -> newest.add(entry.attempt()));
    all.last().forEach(entry -> needs.add(entry, Needs.REUSE));
    Set<Entry> goes = new java.util.LinkedHashSet<>();
    for (Entry entry : all.entries()) {
      needs.add(entry.value(), Needs.REUSE);
      if (entry.value().at().isBefore(limit) && !newest.contains(entry.value().attempt())) {
        goes.add(entry);
      }
    }
    return goes;
  }

  private static Map<String, ReuseEntry> newestSuccess(Records all) {
    Map<String, ReuseEntry> newest = new HashMap<>();
    for (Entry entry : all.entries()) {
      ReuseEntry value = entry.value();
      if (value.verdict() != Verdict.REJECT) {
        newest.merge(
            value.pipeline() + "/" + value.step(),
            value,
            (a, b) -> a.at().isBefore(b.at()) ? b : a);
      }
    }
    return newest;
  }

  /**
   * Does what was planned, apart from other warehouses.
   *
   * @param by who, for the records
   * @return what was left after all, because somebody wrote to its table meanwhile
   */
  public List<String> carryOut(GcPlan plan, String by) {
    letGo(plan.letGo(), plan.at(), by);
    List<String> left = new ArrayList<>();
    for (Garbage one : plan.garbage()) {
      if (one.sort() == Garbage.Sort.VERSION) {
        if (!isAsPlanned(plan, one)) {
          left.add(one.name() + " was written meanwhile, so nothing of it was removed");
          continue;
        }
        if (!one.name().startsWith(Listing.OWN)) {
          records.record(one.removal(by, plan.at()));
        }
      }
      if (one.sort() != Garbage.Sort.SAMPLE) {
        one.files().forEach(file -> files.delete(file.path()));
      }
    }
    plan.letGo().expired().forEach(records::forget);
    plan.letGo().gone().forEach(records::forget);
    return left;
  }

  private boolean isAsPlanned(GcPlan plan, Garbage one) {
    Long head = plan.heads().get(one.name());
    return logs.find(one.name()).filter(now -> head != null && now.head() == head).isPresent();
  }

  private void letGo(GcPlan.LetGo letGo, Instant at, String by) {
    letGo.versions().forEach(version -> new Surplus(registry).remove(version, at, by));
    letGo.spared().forEach(records::spare);
    letGo.models().forEach(model -> records.mark(model, at));
    letGo.entries().forEach(entry -> records.release(entry, at));
    letGo.wanted().forEach(records::putBack);
    letGo.records().forEach(key -> records.putAside(key, at));
  }
}
