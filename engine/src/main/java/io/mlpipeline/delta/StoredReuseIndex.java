package io.mlpipeline.delta;

import io.mlpipeline.json.LastStateJson;
import io.mlpipeline.json.PartitionSetJson;
import io.mlpipeline.json.ReuseEntryJson;
import io.mlpipeline.json.Sealed;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.ObjectStore;
import io.mlpipeline.port.ReuseIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The reuse index as objects: {@code reuse/<pipeline>/<step>/<fingerprint>/<run>-<n>.json}, put if
 * absent, and {@code last/<pipeline>.json}, replaced. What tables hold by partition is {@code
 * partitions/<table>/<seal>.json}, named by its content.
 *
 * <p>An object that is damaged, newer than this engine or filed under another name is a miss. Safe
 * from any number of processes; a re-run adds what is not there yet.
 */
public final class StoredReuseIndex implements ReuseIndex {

  /** Entries that are looked at together, newest run first. */
  private static final int CHUNK = 32;

  private static final Comparator<Found> AGE =
      Comparator.comparing((Found f) -> f.entry().at()).thenComparing(Found::key);

  private final ObjectStore objects;

  /** Over the objects below {@code <warehouse>/_ml/}. */
  public StoredReuseIndex(ObjectStore objects) {
    this.objects = objects;
  }

  private record Found(String key, ReuseEntry entry) {}

  @Override
  public LastState loadLast(String pipeline) {
    return StoredForms.find(objects, lastKey(pipeline), LastStateJson::read)
        .filter(state -> state.pipeline().equals(pipeline))
        .orElseGet(() -> new LastState(pipeline, Collections.emptySortedMap()));
  }

  @Override
  public Optional<ReuseEntry> find(String pipeline, String step, String fingerprint) {
    List<String> keys = new ArrayList<>(objects.list(prefix(pipeline, step, fingerprint)));
    keys.sort(Comparator.reverseOrder());
    Optional<Found> rejection = Optional.empty();
    for (int from = 0; from < keys.size(); from += CHUNK) {
      List<Found> chunk =
          read(keys.subList(from, Math.min(keys.size(), from + CHUNK))).stream()
              .filter(f -> isFiledRight(f.entry(), pipeline, step, fingerprint))
              .toList();
      Optional<Found> success =
          chunk.stream().filter(f -> f.entry().verdict() != Verdict.REJECT).max(AGE);
      if (success.isPresent()) {
        return success.map(Found::entry);
      }
      rejection = rejection.or(() -> chunk.stream().max(AGE));
    }
    return rejection.map(Found::entry);
  }

  private List<Found> read(List<String> keys) {
    List<Found> found = new ArrayList<>();
    for (String key : keys) {
      StoredForms.find(objects, key, ReuseEntryJson::read)
          .ifPresent(entry -> found.add(new Found(key, entry)));
    }
    return found;
  }

  private static boolean isFiledRight(
      ReuseEntry entry, String pipeline, String step, String fingerprint) {
    return entry.pipeline().equals(pipeline)
        && entry.step().equals(step)
        && entry.fingerprint().sha256().equals(fingerprint);
  }

  @Override
  public void add(ReuseEntry entry) {
    String number = entry.attempt().substring(entry.attempt().lastIndexOf('-') + 1);
    String key =
        prefix(entry.pipeline(), entry.step(), entry.fingerprint().sha256())
            + entry.run()
            + "-"
            + number
            + ".json";
    objects.putIfAbsent(key, ReuseEntryJson.write(entry));
  }

  @Override
  public String keep(String uri, PartitionSet set) {
    byte[] document = PartitionSetJson.write(set);
    String name = PartitionSetJson.seal(document);
    objects.putIfAbsent(partitionsKey(uri, name), document);
    return name;
  }

  @Override
  public Optional<PartitionSet> findPartitions(String uri, String name) {
    String key = partitionsKey(uri, name);
    return StoredForms.find(objects, key, PartitionSetJson::read)
        .or(
            () ->
                StoredHousekeeping.findAside(objects, key)
                    .flatMap(aside -> StoredForms.find(objects, aside, PartitionSetJson::read)))
        .filter(kept -> kept.seal().equals(name))
        .map(Sealed::value);
  }

  @Override
  public List<PartitionSet> loadPartitions(String uri) {
    List<PartitionSet> sets = new ArrayList<>();
    String folder = partitionsOf(uri);
    for (String key : objects.list(folder)) {
      String name = key.substring(folder.length(), key.lastIndexOf('.'));
      findPartitions(uri, name).ifPresent(sets::add);
    }
    return sets;
  }

  private static String partitionsKey(String uri, String name) {
    return partitionsOf(uri) + name + ".json";
  }

  private static String partitionsOf(String uri) {
    return "partitions/" + uri + "/";
  }

  @Override
  public void saveLast(LastState state) {
    objects.replace(lastKey(state.pipeline()), LastStateJson.write(state));
  }

  private static String prefix(String pipeline, String step, String fingerprint) {
    return "reuse/" + pipeline + "/" + step + "/" + fingerprint + "/";
  }

  private static String lastKey(String pipeline) {
    return "last/" + pipeline + ".json";
  }
}
