package io.mlpipeline.gc;

import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelMark;
import io.mlpipeline.port.Housekeeping.Records;
import io.mlpipeline.port.WarehouseFiles.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds models that no record needs, and directories of models that never came to be. A manifest
 * goes after its files: without them it means nothing, and whoever makes the model again replaces
 * it.
 */
final class ModelSweep {

  private final Needs needs;
  private final Instant now;
  private final Instant limit;
  private final List<Garbage> garbage = new ArrayList<>();
  private final List<ModelManifest> unused = new ArrayList<>();
  private final List<ModelManifest> spared = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();
  private final List<ModelManifest> gone = new ArrayList<>();

  ModelSweep(Needs needs, Instant now, Instant limit) {
    this.needs = needs;
    this.now = now;
    this.limit = limit;
  }

  List<Garbage> garbage() {
    return garbage;
  }

  /** Models that nobody needs and that are not marked yet. */
  List<ModelManifest> unused() {
    return unused;
  }

  /** Marked models that somebody needs. */
  List<ModelManifest> spared() {
    return spared;
  }

  /** Models whose files are removed, or will be now. */
  List<ModelManifest> gone() {
    return gone;
  }

  List<String> waiting() {
    return waiting;
  }

  /**
   * Looks at all models.
   *
   * @param directories the files by directory of a model
   */
  void look(Records records, SortedMap<String, List<Found>> directories) {
    SortedMap<String, List<Found>> old = new TreeMap<>(directories);
    // One young file means that the directory is being written.
    old.values()
        .removeIf(files -> files.stream().anyMatch(file -> !file.modified().isBefore(limit)));
    Set<String> keep = needed(records);
    Set<String> published = new HashSet<>();
    for (ModelManifest manifest : records.manifests()) {
      published.add(manifest.uri());
      ModelMark mark = records.marks().get(key(manifest));
      boolean isMarked = mark != null && mark.uri().equals(manifest.uri());
      if (keep.contains(manifest.uri())) {
        if (isMarked) {
          spared.add(manifest);
        }
      } else {
        boolean isGone = !directories.containsKey(manifest.uri());
        look(manifest, isMarked ? mark : null, isGone, old.get(manifest.uri()));
      }
    }
    old.forEach(
        (uri, files) -> {
          if (!published.contains(uri) && !needs.hasDirectory(uri)) {
            garbage.add(new Garbage(Garbage.Sort.MODEL, uri, files));
          }
        });
  }

  private void look(
      ModelManifest manifest,
      @Nullable ModelMark mark,
      boolean isGone,
      @Nullable List<Found> files) {
    if (isGone && mark != null && Collector.isOver(mark.at(), now)) {
      gone.add(manifest); // whoever removed its files was killed after that
    } else if (files == null) {
      return; // young, or removed by nobody who would have marked it
    } else if (mark == null) {
      unused.add(manifest);
    } else if (Collector.isOver(mark.at(), now)) {
      garbage.add(new Garbage(Garbage.Sort.UNUSED, manifest.uri(), files));
      gone.add(manifest);
    } else {
      waiting.add("model " + manifest.uri() + " from " + Collector.over(mark.at()) + " on");
    }
  }

  /** Directories of models that records need, and of the newest model of every name. */
  private Set<String> needed(Records records) {
    Set<String> needed = new HashSet<>();
    for (ModelManifest one : records.manifests()) {
      if (needs.hasModel(one.pipeline(), one.name(), one.digest())
          || needs.hasDirectory(one.uri())) {
        needed.add(one.uri());
      }
    }
    newest(records.manifests()).forEach(one -> needed.add(one.uri()));
    return needed;
  }

  /** Ids of runs sort by time. */
  private static Collection<ModelManifest> newest(List<ModelManifest> manifests) {
    Map<String, ModelManifest> newest = new HashMap<>();
    for (ModelManifest one : manifests) {
      newest.merge(
          one.pipeline() + "/" + one.name(),
          one,
          (a, b) -> Comparator.comparing(ModelManifest::run).compare(a, b) < 0 ? b : a);
    }
    return newest.values();
  }

  private static String key(ModelManifest manifest) {
    return Records.model(manifest.pipeline(), manifest.name(), manifest.digest());
  }
}
