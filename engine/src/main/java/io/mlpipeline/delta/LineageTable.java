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
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.utils.CloseableIterable;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lineage table: one Delta table, one row an event, partitioned by date, through Delta Kernel.
 * Any Delta reader can read it. It is made at the first fold.
 */
public final class LineageTable implements EventTable {

  /** What commits to local tables safely; by name, as Kernel wants it. */
  static final String LOCAL_LOG_STORE = "io.mlpipeline.delta.LinkLogStore";

  private static final Logger LOG = LoggerFactory.getLogger(LineageTable.class);
  private static final String FOLD = "fold";
  private static final String ENGINE_INFO = "mlpipeline lineage";

  /** From so many files on a fold compacts; each costs a reader some milliseconds. */
  private static final int MANY_FILES = 50;

  /** A file that is larger is left as it is. */
  private static final long SMALL = 32 << 20;

  private final String root;
  private final Supplier<Configuration> hadoop;
  private @Nullable Engine engine;

  /** What {@link #lastFold} saw, for the append that follows it. */
  private volatile @Nullable Snapshot latest;

  /**
   * A table that need not exist yet.
   *
   * @param root the absolute URI or path, {@code <warehouse>/_ml/lineage}
   * @param hadoop the configuration, copied at first use
   */
  public LineageTable(String root, Supplier<Configuration> hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  private synchronized Engine engine() {
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
  private <T> T guarded(Supplier<T> call) {
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
          "The lineage table " + root + " cannot be read or written: " + cause.getMessage(),
          e);
    }
  }

  private Optional<Snapshot> findSnapshot() {
    try {
      return Optional.of(Table.forPath(engine(), root).getLatestSnapshot(engine()));
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  private LineageReader reader(Snapshot snapshot) {
    return new LineageReader(engine(), snapshot);
  }

  @Override
  public long lastFold() {
    return guarded(this::findLastFold);
  }

  private long findLastFold() {
    Optional<Snapshot> found = findSnapshot();
    latest = found.orElse(null);
    return found.map(this::foldOf).orElse(0L);
  }

  private long foldOf(Snapshot snapshot) {
    return LineageActions.transaction(snapshot, engine(), FOLD);
  }

  @Override
  public List<LineageEvent> run(String runId) {
    return guarded(() -> findRun(runId));
  }

  private List<LineageEvent> findRun(String runId) {
    Predicate isRun = compare("=", runId);
    LocalDate date = EventRows.findDate(runId);
    Predicate filter = date == null ? isRun : new And(isOn(date), isRun);
    return findSnapshot()
        .map(s -> reader(s).read(reader(s).files(filter)))
        .orElse(List.of())
        .stream()
        .filter(e -> e.runId().equals(runId))
        .toList();
  }

  @Override
  public List<LineageEvent> runs(String pipeline, int limit) {
    return guarded(() -> findRuns(pipeline, limit));
  }

  private List<LineageEvent> findRuns(String pipeline, int limit) {
    Optional<Snapshot> snapshot = findSnapshot();
    List<LineageEvent> runs = new ArrayList<>();
    if (snapshot.isPresent()) {
      LineageReader reader = reader(snapshot.get());
      for (List<Row> day : byDate(reader.files(null)).descendingMap().values()) {
        if (runs.size() >= limit) {
          break;
        }
        reader.read(day).stream().filter(e -> StoredLedger.isRunOf(e, pipeline)).forEach(runs::add);
      }
    }
    return runs;
  }

  @Override
  public List<LineageEvent> all() {
    return guarded(
        () -> findSnapshot().map(s -> reader(s).read(reader(s).files(null))).orElse(List.of()));
  }

  @Override
  public boolean append(long fold, List<LineageEvent> events) {
    return guarded(() -> appendOnce(fold, events));
  }

  private boolean appendOnce(long fold, List<LineageEvent> events) {
    Snapshot seen = latest;
    // Only a fold with this number could have come between, and then the commit is refused.
    Snapshot snapshot =
        seen != null && foldOf(seen) == fold - 1 ? seen : findSnapshot().orElseGet(this::create);
    if (foldOf(snapshot) >= fold) {
      return false;
    }
    if (LineageColumns.areOlder(snapshot)) {
      snapshot = withNewColumns(snapshot);
    }
    Set<String> known = knownIds(snapshot, events);
    List<LineageEvent> fresh = events.stream().filter(e -> known.add(e.id())).toList();
    try {
      TransactionBuilder builder =
          builder(Operation.WRITE).withTransactionId(engine(), FOLD, fold).withMaxRetries(0);
      commit(builder.build(engine()), fresh, List.of());
      return true;
    } catch (ConcurrentWriteException e) {
      LOG.debug("fold {} was not committed: somebody else committed first", fold, e);
      return false;
    }
  }

  /** The table, which an earlier version made, with the columns of now. */
  private Snapshot withNewColumns(Snapshot snapshot) {
    try {
      LineageColumns.add(engine(), root, snapshot, ENGINE_INFO);
    } catch (ConcurrentWriteException e) {
      LOG.debug("{} was changed by somebody else", root, e);
    }
    return findSnapshot().orElse(snapshot);
  }

  /** What is there already of the runs that these events belong to. */
  private Set<String> knownIds(Snapshot snapshot, List<LineageEvent> events) {
    Set<String> runs = events.stream().map(LineageEvent::runId).collect(Collectors.toSet());
    if (runs.isEmpty()) {
      return new HashSet<>();
    }
    Predicate among =
        new And(compare(">=", Collections.min(runs)), compare("<=", Collections.max(runs)));
    return reader(snapshot).read(reader(snapshot).files(among)).stream()
        .map(LineageEvent::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private Snapshot create() {
    try {
      Transaction made =
          builder(Operation.CREATE_TABLE)
              .withSchema(engine(), EventColumns.SCHEMA)
              .withPartitionColumns(engine(), List.of(EventColumns.DATE))
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
    return Table.forPath(engine(), root).createTransactionBuilder(engine(), ENGINE_INFO, operation);
  }

  private void commit(Transaction transaction, List<LineageEvent> events, List<Row> removes) {
    Row state = transaction.getTransactionState(engine());
    List<Row> actions = new ArrayList<>(removes);
    Map<LocalDate, List<LineageEvent>> days =
        events.stream()
            .collect(Collectors.groupingBy(EventRows::date, TreeMap::new, Collectors.toList()));
    LineageWriter writer = new LineageWriter(engine(), state);
    days.forEach((date, day) -> actions.addAll(writer.write(date, day, removes.isEmpty())));
    TransactionCommitResult result =
        transaction.commit(
            engine(),
            CloseableIterable.inMemoryIterable(LineageActions.iterator(actions.iterator())));
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

  @Override
  public void compact() {
    guarded(
        () -> {
          compactOnce();
          return true;
        });
  }

  private void compactOnce() {
    Optional<Snapshot> snapshot = findSnapshot();
    if (snapshot.isEmpty() || !snapshot.get().getSchema().equals(EventColumns.SCHEMA)) {
      return; // other columns would be lost
    }
    LineageReader reader = reader(snapshot.get());
    List<Row> files = reader.files(null);
    List<Row> merged = files.size() > MANY_FILES ? mergeable(files) : List.of();
    if (merged.isEmpty()) {
      return;
    }
    try {
      Transaction transaction = builder(Operation.WRITE).withMaxRetries(0).build(engine());
      if (transaction.getReadTableVersion() == snapshot.get().getVersion()) {
        List<LineageEvent> events = reader.readExactly(merged);
        commit(transaction, events, merged.stream().map(LineageActions::moved).toList());
      }
    } catch (ConcurrentWriteException e) {
      LOG.debug("{} was not compacted: somebody else committed first", root, e);
    } catch (IllegalArgumentException | NullPointerException e) {
      LOG.warn("{} is not compacted: it holds rows that are none of ours", root, e);
    }
  }

  /** The small files of days that have several; of the newest day only if it has many. */
  private static List<Row> mergeable(List<Row> files) {
    NavigableMap<String, List<Row>> days =
        byDate(files.stream().filter(f -> LineageActions.status(f).getSize() < SMALL).toList());
    List<Row> merged = new ArrayList<>();
    days.forEach(
        (date, day) -> {
          if (day.size() > (date.equals(days.lastKey()) ? MANY_FILES : 1)) {
            merged.addAll(day);
          }
        });
    return merged;
  }

  private static NavigableMap<String, List<Row>> byDate(List<Row> files) {
    return files.stream()
        .collect(
            Collectors.groupingBy(
                f -> String.valueOf(LineageActions.partitionValues(f).get(EventColumns.DATE)),
                TreeMap::new,
                Collectors.toList()));
  }

  private static Predicate compare(String operator, String runId) {
    return new Predicate(operator, new Column(EventColumns.RUN_ID), Literal.ofString(runId));
  }

  private static Predicate isOn(LocalDate date) {
    Literal day = Literal.ofDate((int) date.toEpochDay());
    return new Predicate("=", new Column(EventColumns.DATE), day);
  }
}
