package io.mlpipeline.port;

import io.mlpipeline.model.ModelManifest;
import io.mlpipeline.model.ModelMark;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.TableRemoval;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records that say what is needed, and those that housekeeping leaves. What a run may just be
 * about to use is let go first and removed a day later: a run that found it before has ended by
 * then, and no run after it can find it.
 */
public interface Housekeeping {

  /**
   * Every record.
   *
   * @throws io.mlpipeline.model.EngineException if one cannot be read: who removes what no record
   *     names must have read all
   */
  Records load();

  /** Takes an entry out of the reuse index. It is kept aside first, so that none is ever lost. */
  void release(Entry entry, Instant at);

  /** Drops an entry that was released. */
  void forget(Released released);

  /** Says that a model will be removed: who makes it again from now on makes it anew. */
  void mark(ModelManifest model, Instant at);

  /** Takes that back. */
  void spare(ModelManifest model);

  /** Takes away what says that a model is there, whose files are removed, and its mark. */
  void forget(ModelManifest model);

  /**
   * Puts a record aside that no other one leads to. Whoever keeps the same again keeps it anew, and
   * who had found it before finds it still ({@link #findAside}).
   *
   * @param key its place among the objects, such as {@code config/<seal>.json}
   */
  void putAside(String key, Instant at);

  /** Puts a record back. */
  void putBack(Aside aside);

  /** Where a record lies that was put aside; empty if it was not. */
  Optional<String> findAside(String key);

  /** Records, before it is done, that the files of old versions of a table are removed. */
  void record(TableRemoval removal);

  /** What was removed of a table, oldest first. */
  List<TableRemoval> removals(String table);

  /** An entry of the reuse index, by its key. */
  record Entry(String key, ReuseEntry value) {}

  /**
   * A record that was put aside.
   *
   * @param place where it lies among the objects
   * @param key where it was
   */
  record Aside(String place, String key) {}

  /** An entry that was let go, and when. */
  record Released(String key, ReuseEntry value, Instant at) {}

  /**
   * Everything that is recorded.
   *
   * @param entries the reuse index
   * @param last every step's newest entry, as planning sees it
   * @param released entries that were let go
   * @param manifests every model
   * @param marks by digest with pipeline and name ({@link #model}) models that are to be removed
   */
  record Records(
      List<Entry> entries,
      List<ReuseEntry> last,
      List<Released> released,
      List<ModelManifest> manifests,
      Map<String, ModelMark> marks) {

    public Records {
      entries = List.copyOf(entries);
      last = List.copyOf(last);
      released = List.copyOf(released);
      manifests = List.copyOf(manifests);
      marks = Map.copyOf(marks);
    }

    /** What a model goes by. */
    public static String model(String pipeline, String name, String digest) {
      return pipeline + "/" + name + "/" + digest;
    }
  }
}
