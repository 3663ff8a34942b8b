package io.mlpipeline.delta;

import io.mlpipeline.json.StatCacheJson;
import io.mlpipeline.json.StatCacheJson.Seen;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.port.ObjectStore;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of files that still look as they did when they were read. One object for each location;
 * whoever writes last wins, and losing it costs time only.
 */
final class StatCache {

  /**
   * A file that was changed less than this before it was read may be changed once more within the
   * same tick of the file system's clock, and look the same.
   */
  private static final long RACY_NANOS = 2_000_000_000L;

  private final ObjectStore objects;
  private final String key;
  private final SortedMap<String, Seen> stored;

  private StatCache(ObjectStore objects, String key, SortedMap<String, Seen> stored) {
    this.objects = objects;
    this.key = key;
    this.stored = stored;
  }

  static StatCache load(ObjectStore objects, String location) {
    String key = "cache/stat/" + SourceHashes.ofText(location).substring(0, 32) + ".json";
    SortedMap<String, Seen> stored = Collections.emptySortedMap();
    try {
      stored = StoredForms.find(objects, key, StatCacheJson::read).orElse(stored);
    } catch (EngineException e) {
      Warnings.LOG.debug("{} cannot be read", key, e);
    }
    return new StatCache(objects, key, stored);
  }

  /** The hash of the file's bytes when it last looked like this; null if that is not known. */
  @Nullable String find(SourceFile file) {
    Seen seen = stored.get(file.name());
    return seen != null
            && seen.size() == file.size()
            && seen.modifiedNanos() == file.modifiedNanos()
            && seen.fileKey().equals(file.fileKey())
        ? seen.sha256()
        : null;
  }

  /** Keeps what may be trusted next time; a failure to do so is no failure of the run. */
  void save(List<SourceFile> files, Map<String, String> hashes, Instant hashedAt) {
    Map<String, Seen> kept = new HashMap<>();
    for (SourceFile file : files) {
      if (find(file) != null || isSettled(file, hashedAt)) {
        kept.put(
            file.name(),
            new Seen(
                file.size(),
                file.modifiedNanos(),
                file.fileKey(),
                Objects.requireNonNull(hashes.get(file.name()))));
      }
    }
    if (kept.equals(stored)) {
      return;
    }
    try {
      objects.replace(key, StatCacheJson.write(new TreeMap<>(kept)));
    } catch (EngineException e) {
      Warnings.LOG.debug("{} cannot be written", key, e);
    }
  }

  private static boolean isSettled(SourceFile file, Instant hashedAt) {
    long now = hashedAt.getEpochSecond() * 1_000_000_000L + hashedAt.getNano();
    return now - file.modifiedNanos() >= RACY_NANOS;
  }
}
