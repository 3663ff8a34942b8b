package io.mlpipeline.delta;

import io.mlpipeline.json.FormException;
import io.mlpipeline.json.HousekeepingJson;
import io.mlpipeline.json.LastStateJson;
import io.mlpipeline.json.ModelManifestJson;
import io.mlpipeline.json.ReuseEntryJson;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelMark;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.TableRemoval;
import io.mlpipeline.port.Housekeeping;
import io.mlpipeline.port.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What housekeeping reads and leaves, as objects: {@code gc/released/<milliseconds>/<key of the
 * record>}, {@code gc/models/<pipeline>/<name>/<hex of the digest>.json} and {@code
 * gc/tables/<table>/<milliseconds>.json}.
 */
public final class StoredHousekeeping implements Housekeeping {

  static final String MARKS = "gc/models/";

  private static final String RELEASED = "gc/released/";
  private static final String REMOVALS = "gc/tables/";
  private static final Pattern RELEASED_KEY = Pattern.compile(RELEASED + "([0-9]+)/(reuse/.+)");
  private static final Pattern MANIFEST = Pattern.compile("models/[^/]+/[^/]+/[0-9a-f]{64}\\.json");
  private static final Pattern MARK =
      Pattern.compile(MARKS + "([^/]+/[^/]+)/([0-9a-f]{64})\\.json");

  private final ObjectStore objects;

  /** Over the objects below {@code <warehouse>/_ml/}. */
  public StoredHousekeeping(ObjectStore objects) {
    this.objects = objects;
  }

  @Override
  public Records load() {
    List<Entry> entries = new ArrayList<>();
    for (String key : objects.list("reuse/")) {
      read(key, ReuseEntryJson::read).ifPresent(entry -> entries.add(new Entry(key, entry)));
    }
    List<ReuseEntry> last = new ArrayList<>();
    for (String key : objects.list("last/")) {
      read(key, LastStateJson::read).ifPresent(state -> last.addAll(state.steps().values()));
    }
    List<ModelManifest> manifests = new ArrayList<>();
    for (String key : objects.list("models/")) {
      if (MANIFEST.matcher(key).matches()) {
        read(key, ModelManifestJson::read).ifPresent(manifests::add);
      }
    }
    return new Records(entries, last, released(), manifests, marks());
  }

  private List<Released> released() {
    List<Released> released = new ArrayList<>();
    for (String key : objects.list(RELEASED)) {
      Matcher matcher = RELEASED_KEY.matcher(key);
      if (matcher.matches()) {
        Instant at = Instant.ofEpochMilli(Long.parseLong(matcher.group(1)));
        read(key, ReuseEntryJson::read)
            .ifPresent(entry -> released.add(new Released(key, entry, at)));
      }
    }
    return released;
  }

  private Map<String, ModelMark> marks() {
    Map<String, ModelMark> marks = new HashMap<>();
    for (String key : objects.list(MARKS)) {
      Matcher matcher = MARK.matcher(key);
      if (matcher.matches()) {
        read(key, HousekeepingJson::readMark)
            .ifPresent(mark -> marks.put(matcher.group(1) + "/m1:" + matcher.group(2), mark));
      }
    }
    return marks;
  }

  @Override
  public void release(Entry entry, Instant at) {
    putAside(entry.key(), at);
  }

  @Override
  public void forget(Released released) {
    objects.delete(released.key());
  }

  @Override
  public void mark(ModelManifest model, Instant at) {
    objects.replace(markKey(model), HousekeepingJson.write(new ModelMark(model.uri(), at)));
  }

  @Override
  public void spare(ModelManifest model) {
    objects.delete(markKey(model));
  }

  @Override
  public void forget(ModelManifest model) {
    objects.delete("models/" + modelKey(model));
    objects.delete(markKey(model));
  }

  @Override
  public void putAside(String key, Instant at) {
    move(key, RELEASED + at.toEpochMilli() + "/" + key);
  }

  @Override
  public void putBack(Aside aside) {
    move(aside.place(), aside.key());
  }

  /** It is there twice rather than not at all; all of its copies are equal. */
  private void move(String from, String to) {
    objects
        .find(from)
        .ifPresent(
            document -> {
              objects.putIfAbsent(to, document);
              objects.delete(from);
            });
  }

  @Override
  public Optional<String> findAside(String key) {
    return findAside(objects, key);
  }

  /** Where a record lies that was put aside. */
  static Optional<String> findAside(ObjectStore objects, String key) {
    return objects.list(RELEASED).stream()
        .filter(place -> place.substring(place.indexOf('/', RELEASED.length()) + 1).equals(key))
        .findFirst();
  }

  private static String markKey(ModelManifest model) {
    return MARKS + modelKey(model);
  }

  private static String modelKey(ModelManifest model) {
    String hex = model.digest().substring(model.digest().indexOf(':') + 1);
    return model.pipeline() + "/" + model.name() + "/" + hex + ".json";
  }

  @Override
  public void record(TableRemoval removal) {
    String number = String.format(Locale.ROOT, "%015d", removal.at().toEpochMilli());
    objects.putIfAbsent(
        REMOVALS + removal.table() + "/" + number + ".json", HousekeepingJson.write(removal));
  }

  @Override
  public List<TableRemoval> removals(String table) {
    return objects.list(REMOVALS + table + "/").stream()
        .flatMap(key -> StoredForms.find(objects, key, HousekeepingJson::readRemoval).stream())
        .filter(removal -> removal.table().equals(table))
        .sorted(Comparator.comparing(TableRemoval::at))
        .toList();
  }

  private <T> Optional<T> read(String key, StoredForms.Codec<T> codec) {
    Optional<byte[]> document = objects.find(key);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(codec.read(document.get()));
    } catch (FormException e) {
      boolean isNewer = e.kind() == FormException.Kind.NEWER;
      throw new EngineException(
          isNewer ? ErrorType.ENVIRONMENT_INVALID : ErrorType.STORAGE_CORRUPT,
          "nothing was removed: _ml/"
              + key
              + (isNewer
                  ? " was written by a newer engine; run gc with that one"
                  : " is damaged, and nobody knows what it keeps; restore it, or delete it if its"
                      + " step may run again"),
          e);
    }
  }
}
