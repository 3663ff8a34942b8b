package io.mlpipeline.gc;

import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.port.Housekeeping.Aside;
import io.mlpipeline.port.Housekeeping.Entry;
import io.mlpipeline.port.Housekeeping.Released;
import io.mlpipeline.registry.VersionState;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What housekeeping would do, found out before anything is changed.
 *
 * @param at when it was found out
 * @param garbage what goes now, by sort and name
 * @param letGo what is let go now, so that what only it needs goes a day later
 * @param waiting what was let go less than a day ago, in words
 * @param kept what stays only because something needs it, in words
 * @param leftAlone why tables were left alone that may hold more, by table
 * @param heads the newest version of every table that something of goes
 */
public record GcPlan(
    Instant at,
    List<Garbage> garbage,
    LetGo letGo,
    List<String> waiting,
    List<String> kept,
    SortedMap<String, String> leftAlone,
    Map<String, Long> heads) {

  public GcPlan {
    garbage = List.copyOf(garbage);
    waiting = List.copyOf(waiting);
    kept = List.copyOf(kept);
    leftAlone = Collections.unmodifiableSortedMap(new TreeMap<>(leftAlone));
    heads = Map.copyOf(heads);
  }

  /** A version of a registered model. */
  public record Registered(String model, VersionState version) {

    /** As people name it. */
    public String name() {
      return model + "@" + version.version();
    }
  }

  /**
   * What is let go.
   *
   * @param versions registered versions beyond those that are kept
   * @param models models that no record needs
   * @param spared models that were to be removed and are needed again
   * @param entries entries of the reuse index
   * @param expired entries that were let go long enough ago to be dropped
   * @param gone models whose manifests go, after their files
   * @param records keys of records that are put aside
   * @param wanted records that were put aside and are put back
   */
  public record LetGo(
      List<Registered> versions,
      List<ModelManifest> models,
      List<ModelManifest> spared,
      List<Entry> entries,
      List<Released> expired,
      List<ModelManifest> gone,
      List<String> records,
      List<Aside> wanted) {

    public LetGo {
      versions = List.copyOf(versions);
      models = List.copyOf(models);
      spared = List.copyOf(spared);
      entries = List.copyOf(entries);
      expired = List.copyOf(expired);
      gone = List.copyOf(gone);
      records = List.copyOf(records);
      wanted = List.copyOf(wanted);
    }

    static LetGo nothing() {
      return new LetGo(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** What of it people should know, in words; empty if there is nothing. */
    public List<String> told() {
      List<String> told = new java.util.ArrayList<>();
      versions.forEach(version -> told.add(version.name() + " (" + stage(version) + ")"));
      models.forEach(model -> told.add("model " + model.uri()));
      if (!entries.isEmpty()) {
        told.add(entries.size() + (entries.size() == 1 ? " reuse entry" : " reuse entries"));
      }
      long recipes = records.stream().filter(key -> key.startsWith("config/")).count();
      count(told, recipes, "configuration of old runs", "configurations of old runs");
      count(told, records.size() - recipes, "list of old partitions", "lists of old partitions");
      return told;
    }

    private static void count(List<String> told, long count, String one, String many) {
      if (count > 0) {
        told.add(count + " " + (count == 1 ? one : many));
      }
    }

    private static String stage(Registered version) {
      return version.version().stage().word();
    }
  }

  /** The same plan with more that goes. */
  public GcPlan and(List<Garbage> more) {
    List<Garbage> all = new java.util.ArrayList<>(garbage);
    all.addAll(more);
    return new GcPlan(at, all, letGo, waiting, kept, leftAlone, heads);
  }

  public int files() {
    return garbage.stream().mapToInt(one -> one.files().size()).sum();
  }

  public long bytes() {
    return garbage.stream().mapToLong(Garbage::bytes).sum();
  }
}
