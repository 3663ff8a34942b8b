package io.mlpipeline.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.Row;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.LineageEvent;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The lineage table: one Delta table, one row an event, partitioned by date, through Delta Kernel.
 * Any Delta reader can read it. It is made at the first fold.
 */
public final class LineageTable extends FoldedTable<LineageEvent> implements EventTable {

  private static final String FOLD = "fold";

  /** What {@link #lastFold} saw, for the append that follows it. */
  private volatile @Nullable Snapshot latest;

  /**
   * A table that need not exist yet.
   *
   * @param root the absolute URI or path, {@code <warehouse>/_ml/lineage}
   * @param hadoop the configuration, copied at first use
   */
  public LineageTable(String root, Supplier<Configuration> hadoop) {
    super(root, hadoop, new LineageForm());
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
    return number(snapshot, FOLD);
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
      EventReader<LineageEvent> reader = reader(snapshot.get());
      for (List<Row> day : byPartition(reader.files(null)).descendingMap().values()) {
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
    return guarded(() -> findSnapshot().map(s -> all(reader(s))).orElse(List.of()));
  }

  @Override
  public List<Derivation> derivations() {
    return guarded(
        () -> findSnapshot().map(s -> all(reader(new DerivationForm(), s))).orElse(List.of()));
  }

  private static <R> List<R> all(EventReader<R> reader) {
    return reader.read(reader.files(null));
  }

  @Override
  public boolean append(long fold, List<LineageEvent> events) {
    return guarded(() -> appendOnce(fold, events));
  }

  private boolean appendOnce(long fold, List<LineageEvent> events) {
    Snapshot seen = latest;
    // Only a fold with this number could have come between, and then the commit is refused.
    Snapshot snapshot =
        ready(seen != null && foldOf(seen) == fold - 1 ? Optional.of(seen) : findSnapshot());
    if (foldOf(snapshot) >= fold) {
      return false;
    }
    Set<String> known = knownIds(snapshot, events);
    return commit(FOLD, fold, events.stream().filter(e -> known.add(e.id())).toList());
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

  private static Predicate compare(String operator, String runId) {
    return new Predicate(operator, new Column(EventColumns.RUN_ID), Literal.ofString(runId));
  }

  private static Predicate isOn(LocalDate date) {
    Literal day = Literal.ofDate((int) date.toEpochDay());
    return new Predicate("=", new Column(EventColumns.DATE), day);
  }
}
