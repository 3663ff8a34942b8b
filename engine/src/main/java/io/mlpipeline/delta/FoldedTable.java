package io.mlpipeline.delta;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionBuilder;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.utils.CloseableIterable;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Delta table that stored objects are folded into, one row an event, through Delta Kernel: what
 * the tables of lineage and of the registry have in common. It is made at the first fold. A commit
 * carries the number of the fold as a transaction id and is never retried, so that a fold is in the
 * table once, whoever made it.
 */
abstract class FoldedTable<T> {

  private static final Logger LOG = LoggerFactory.getLogger(FoldedTable.class);

  /** What commits to local tables safely; by name, as Kernel wants it. */
  static final String LOCAL_LOG_STORE = "io.mlpipeline.delta.LinkLogStore";

  /** From so many files on a fold compacts; each costs a reader some milliseconds. */
  private static final int MANY_FILES = 50;

  /** A file that is larger is left as it is. */
  private static final long SMALL = 32 << 20;

  private final String root;
  private final Supplier<Configuration> hadoop;
  private final EventForm<T> form;
  private @Nullable Engine engine;

  /**
   * A table that need not exist yet.
   *
   * @param root the absolute URI or path
   * @param hadoop the configuration, copied at first use
   */
  FoldedTable(String root, Supplier<Configuration> hadoop, EventForm<T> form) {
    this.root = root;
    this.hadoop = hadoop;
    this.form = form;
  }

  final synchronized Engine engine() {
    Engine made = engine;
    if (made == null) {
      Configuration conf = new Configuration(hadoop.get());
      if (conf.getClassByNameOrNull(LOCAL_LOG_STORE) != null) {
        conf.set("io.delta.kernel.logStore.file.impl", LOCAL_LOG_STORE);
      }
      made = DefaultEngine.create(conf);
      engine = made;
    }
    return made;
  }

  /** What Kernel throws says nothing to a user; its cause does. */
  final <R> R guarded(Supplier<R> call) {
    try {
      return call.get();
    } catch (EngineException e) {
      throw e;
    } catch (RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof IOException)) {
        cause = cause.getCause();
      }
      boolean broken = !(cause instanceof IOException) || cause instanceof FileNotFoundException;
      throw new EngineException(
          broken ? ErrorType.STORAGE_CORRUPT : ErrorType.STORAGE_UNAVAILABLE,
          "The " + form.what() + " " + root + " cannot be read or written: " + cause.getMessage(),
          e);
    }
  }

  final Optional<Snapshot> findSnapshot() {
    try {
      return Optional.of(Table.forPath(engine(), root).getLatestSnapshot(engine()));
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  final EventReader<T> reader(Snapshot snapshot) {
    return reader(form, snapshot);
  }

  /** The same for a part of the columns. */
  final <R> EventReader<R> reader(ReadForm<R> part, Snapshot snapshot) {
    return new EventReader<>(part, engine(), snapshot);
  }

  /** The last number that was committed under an application id; 0 if there was none. */
  final long number(Snapshot snapshot, String appId) {
    return EventActions.transaction(snapshot, engine(), appId);
  }

  /** The table, made or with columns of now if need be. */
  final Snapshot ready(Optional<Snapshot> found) {
    Snapshot snapshot = found.orElseGet(this::create);
    return EventColumnChanges.areOlder(form, snapshot) ? withNewColumns(snapshot) : snapshot;
  }

  /** Commits events under the next number of an application id; false if somebody was quicker. */
  final boolean commit(String appId, long number, List<T> events) {
    return commit(appId, number, events, -1);
  }

  /** The same, but only if the table is at this version still; -1 for any. */
  final boolean commit(String appId, long number, List<T> events, long onto) {
    try {
      Transaction transaction =
          builder(Operation.WRITE)
              .withTransactionId(engine(), appId, number)
              .withMaxRetries(0)
              .build(engine());
      if (onto >= 0 && transaction.getReadTableVersion() != onto) {
        return false;
      }
      commit(transaction, events, List.of());
      return true;
    } catch (ConcurrentWriteException e) {
      LOG.debug("{} {} was not committed: somebody else committed first", appId, number, e);
      return false;
    }
  }

  /** The table, which an earlier version made, with the columns of now. */
  private Snapshot withNewColumns(Snapshot snapshot) {
    try {
      EventColumnChanges.add(form, engine(), root, snapshot);
    } catch (ConcurrentWriteException e) {
      LOG.debug("{} was changed by somebody else", root, e);
    }
    return findSnapshot().orElse(snapshot);
  }

  private Snapshot create() {
    try {
      Transaction made =
          builder(Operation.CREATE_TABLE)
              .withSchema(engine(), form.schema())
              .withPartitionColumns(engine(), List.of(form.partition()))
              .build(engine());
      made.commit(engine(), CloseableIterable.emptyIterable());
    } catch (TableAlreadyExistsException | ConcurrentWriteException e) {
      LOG.debug("{} was made by somebody else", root, e);
    }
    return findSnapshot()
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorType.STORAGE_CORRUPT, "The table " + root + " cannot be made or read."));
  }

  private TransactionBuilder builder(Operation operation) {
    return Table.forPath(engine(), root)
        .createTransactionBuilder(engine(), form.engineInfo(), operation);
  }

  private void commit(Transaction transaction, List<T> events, List<Row> removes) {
    Row state = transaction.getTransactionState(engine());
    List<Row> actions = new ArrayList<>(removes);
    NavigableMap<String, List<T>> parts =
        events.stream()
            .collect(Collectors.groupingBy(form::partitionOf, TreeMap::new, Collectors.toList()));
    EventWriter<T> writer = new EventWriter<>(form, engine(), state);
    parts.forEach((part, rows) -> actions.addAll(writer.write(part, rows, removes.isEmpty())));
    TransactionCommitResult result =
        transaction.commit(
            engine(),
            CloseableIterable.inMemoryIterable(EventActions.iterator(actions.iterator())));
    result.getPostCommitHooks().forEach(this::tidyUp);
  }

  /** A checkpoint or checksum; the commit stands without it. */
  private void tidyUp(PostCommitHook hook) {
    try {
      hook.threadSafeInvoke(engine());
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} of {} failed", hook.getType(), root, e);
    }
  }

  /** Makes few files of many, if there are many and nobody else commits meanwhile. */
  public final void compact() {
    compact(MANY_FILES);
  }

  /** The same with another measure of many. */
  final void compact(int many) {
    guarded(
        () -> {
          compactOnce(many);
          return true;
        });
  }

  private void compactOnce(int many) {
    Optional<Snapshot> snapshot = findSnapshot();
    if (snapshot.isEmpty() || !snapshot.get().getSchema().equals(form.schema())) {
      return; // other columns would be lost
    }
    EventReader<T> reader = reader(snapshot.get());
    List<Row> files = reader.files(null);
    List<Row> merged = files.size() > many ? mergeable(files, many) : List.of();
    if (merged.isEmpty()) {
      return;
    }
    try {
      Transaction transaction = builder(Operation.WRITE).withMaxRetries(0).build(engine());
      if (transaction.getReadTableVersion() == snapshot.get().getVersion()) {
        List<T> events = reader.readExactly(merged);
        commit(transaction, events, merged.stream().map(EventActions::moved).toList());
      }
    } catch (ConcurrentWriteException e) {
      LOG.debug("{} was not compacted: somebody else committed first", root, e);
    } catch (IllegalArgumentException | NullPointerException e) {
      LOG.warn("{} is not compacted: it holds rows that are none of ours", root, e);
    }
  }

  /** The small files of partitions that have several; of the last one only if it has many. */
  private List<Row> mergeable(List<Row> files, int many) {
    NavigableMap<String, List<Row>> parts =
        byPartition(files.stream().filter(f -> EventActions.status(f).getSize() < SMALL).toList());
    List<Row> merged = new ArrayList<>();
    parts.forEach(
        (name, part) -> {
          if (part.size() > (name.equals(parts.lastKey()) ? many : 1)) {
            merged.addAll(part);
          }
        });
    return merged;
  }

  final NavigableMap<String, List<Row>> byPartition(List<Row> files) {
    return files.stream()
        .collect(
            Collectors.groupingBy(
                f -> String.valueOf(EventActions.partitionValues(f).get(form.partition())),
                TreeMap::new,
                Collectors.toList()));
  }
}
