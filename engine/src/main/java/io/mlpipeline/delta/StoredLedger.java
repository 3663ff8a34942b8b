package io.mlpipeline.delta;

import io.mlpipeline.json.FoldJson;
import io.mlpipeline.json.FormException;
import io.mlpipeline.json.ReceiptJson;
import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.port.Ledger;
import io.mlpipeline.port.ObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lineage: receipts as objects at once, rows of a Delta table later.
 *
 * <p>A fold moves receipts in three steps, and whoever comes next finishes one that died in the
 * middle: {@code folds/<n>.json} is put if absent and names the receipts; one commit to the table
 * carries their events and the number n; the receipts are deleted. Number n+1 is announced only
 * after the receipts of n are gone, so no receipt is ever in two folds. An event that the table has
 * already (a receipt that was recorded once more) is not added again.
 *
 * <p>Readers look at the pending receipts first and at the table second, so that nothing that moves
 * meanwhile is missed, and drop what they saw twice.
 */
public final class StoredLedger implements Ledger {

  private static final Pattern SAFE_ID = Pattern.compile("(?!\\.)[A-Za-z0-9._=-]+");
  private static final String RECEIPTS = "receipts/";

  /** The status of a run that has begun. */
  private static final String BEGUN = "running";

  /** Receipts in one fold. */
  private static final int BATCH = 1000;

  /** Announcements that are kept; a folder that slept through so many finds the table's number. */
  private static final int KEPT = 1000;

  /** Looking whether there is much to compact costs a reading of the log. */
  private static final int COMPACT_EVERY = 10;

  /** Attempts at a fold while others commit; each failed one is somebody's progress. */
  private static final int ROUNDS = 100;

  private static final Comparator<LineageEvent> ORDER =
      Comparator.comparing(LineageEvent::started).thenComparing(LineageEvent::id);

  private final ObjectStore objects;
  private final Supplier<? extends EventTable> supplier;
  private @Nullable EventTable table;

  /**
   * Over the objects below {@code <warehouse>/_ml/}. The table is asked for only by what needs it:
   * recording loads no class of Kernel or Hadoop.
   */
  public StoredLedger(ObjectStore objects, Supplier<? extends EventTable> table) {
    this.objects = objects;
    this.supplier = table;
  }

  private synchronized EventTable table() {
    EventTable made = table;
    if (made == null) {
      made = supplier.get();
      table = made;
    }
    return made;
  }

  @Override
  public String record(Receipt receipt) {
    String key =
        String.format(Locale.ROOT, "%s%s/%04d.json", RECEIPTS, receipt.run(), receipt.ordinal());
    byte[] document = ReceiptJson.write(receipt);
    if (!objects.putIfAbsent(key, document)) {
      Optional<byte[]> earlier = objects.find(key);
      if (earlier.isPresent() && !Arrays.equals(earlier.get(), document)) {
        throw new EngineException(
            ErrorType.INTERNAL_ERROR, "There is another receipt under " + key + " already.");
      }
    }
    return "_ml/" + key;
  }

  @Override
  public void fold() {
    for (int round = 0; round < ROUNDS; round++) {
      List<String> pending = new ArrayList<>(objects.list(RECEIPTS));
      if (pending.isEmpty() || !foldOnce(pending)) {
        return;
      }
    }
    Warnings.LOG.warn("Receipts were not folded: others kept writing. The next run does it.");
  }

  /** Whether there may be more to fold. */
  private boolean foldOnce(List<String> pending) {
    long done = table().lastFold();
    deleteFolded(done, pending);
    Optional<List<LineageEvent>> next = announced(done + 1, pending);
    if (next.isEmpty()) {
      return false;
    }
    if (!table().append(done + 1, next.get())) {
      return true;
    }
    deleteFolded(done + 1, pending);
    objects.delete(foldKey(done + 1 - KEPT));
    if ((done + 1) % COMPACT_EVERY == 0) {
      table().compact();
    }
    return !pending.isEmpty();
  }

  /** Removes what a fold moved, from the store and from the list of what is pending. */
  private void deleteFolded(long fold, List<String> pending) {
    Set<String> folded =
        new HashSet<>(StoredForms.find(objects, foldKey(fold), FoldJson::read).orElse(List.of()));
    pending.stream().filter(folded::contains).forEach(objects::delete);
    pending.removeAll(folded);
  }

  /** The events of this fold, which is announced if it was not yet; empty if nothing is pending. */
  private Optional<List<LineageEvent>> announced(long fold, List<String> pending) {
    String key = foldKey(fold);
    if (objects.find(key).isEmpty()) {
      List<String> readable =
          pending.stream().filter(k -> findReceipt(k).isPresent()).limit(BATCH).toList();
      if (readable.isEmpty()) {
        return Optional.empty();
      }
      objects.putIfAbsent(key, FoldJson.write(readable));
    }
    List<LineageEvent> events = new ArrayList<>();
    for (String receipt : readFold(key)) {
      readForFold(receipt).ifPresent(r -> events.addAll(r.events()));
    }
    return Optional.of(events);
  }

  private List<String> readFold(String key) {
    byte[] document = objects.find(key).orElseGet(() -> FoldJson.write(List.of()));
    try {
      return FoldJson.read(document);
    } catch (FormException e) {
      throw blocked(key, e);
    }
  }

  /** A receipt that another folder has moved meanwhile is not there: its commit wins over ours. */
  private Optional<Receipt> readForFold(String key) {
    Optional<byte[]> document = objects.find(key);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ReceiptJson.read(document.get()));
    } catch (FormException e) {
      if (e.kind() == FormException.Kind.NEWER) {
        throw blocked(key, e);
      }
      Warnings.LOG.warn("{} is damaged and goes to damaged/{}: {}", key, key, e.getMessage());
      objects.putIfAbsent("damaged/" + key, document.get());
      return Optional.empty();
    }
  }

  private static EngineException blocked(String key, FormException e) {
    return new EngineException(
        ErrorType.ENVIRONMENT_INVALID,
        "Receipts cannot be folded because of _ml/"
            + key
            + ": "
            + e.getMessage()
            + ". Nothing is lost; if a newer engine wrote it, run with that one.",
        e);
  }

  private static String foldKey(long fold) {
    return String.format(Locale.ROOT, "folds/%012d.json", Math.max(0, fold));
  }

  private Optional<Receipt> findReceipt(String key) {
    return StoredForms.find(objects, key, ReceiptJson::read);
  }

  private Stream<LineageEvent> pending(Collection<String> keys) {
    return keys.stream().flatMap(k -> findReceipt(k).stream()).flatMap(r -> r.events().stream());
  }

  @Override
  public List<LineageEvent> run(String runId) {
    if (!SAFE_ID.matcher(runId).matches()) {
      return List.of();
    }
    List<LineageEvent> pending = pending(objects.list(RECEIPTS + runId + "/")).toList();
    return union(pending, table().run(runId)).sorted(ORDER).toList();
  }

  @Override
  public List<LineageEvent> runs(String pipeline, int limit) {
    List<String> keys = new ArrayList<>(objects.list(RECEIPTS));
    keys.sort(Comparator.reverseOrder()); // ids of runs sort by time
    int most = (int) Math.min(Integer.MAX_VALUE, 2L * Math.max(0, limit)); // begun and ended
    List<LineageEvent> pending =
        pending(keys).filter(e -> isRunOf(e, pipeline)).limit(most).toList();
    Map<String, LineageEvent> newest = new LinkedHashMap<>();
    union(pending, table().runs(pipeline, most))
        .filter(e -> isRunOf(e, pipeline))
        .sorted(ORDER.reversed())
        .forEach(e -> newest.merge(e.runId(), e, StoredLedger::later));
    return newest.values().stream().limit(Math.max(0, limit)).toList();
  }

  /** How a run ended outweighs that it has begun, whatever a clock says that was moved. */
  private static LineageEvent later(LineageEvent one, LineageEvent other) {
    boolean oneBegan = one.status().equals(BEGUN);
    if (oneBegan != other.status().equals(BEGUN)) {
      return oneBegan ? other : one;
    }
    return one.ended().isBefore(other.ended()) ? other : one;
  }

  @Override
  public List<LineageEvent> all() {
    List<LineageEvent> pending = pending(objects.list(RECEIPTS)).toList();
    return union(pending, table().all()).sorted(ORDER).toList();
  }

  @Override
  public List<Derivation> derivations() {
    List<Derivation> pending = pending(objects.list(RECEIPTS)).map(Derivation::of).toList();
    return union(pending, table().derivations(), Derivation::id)
        .sorted(Comparator.comparing(Derivation::started).thenComparing(Derivation::id))
        .toList();
  }

  static boolean isRunOf(LineageEvent event, String pipeline) {
    return event.kind() == LineageEvent.Kind.RUN
        && (pipeline.isEmpty() || event.pipeline().equals(pipeline));
  }

  private static Stream<LineageEvent> union(List<LineageEvent> some, List<LineageEvent> others) {
    return union(some, others, LineageEvent::id);
  }

  private static <T> Stream<T> union(List<T> some, List<T> others, Function<T, String> id) {
    Map<String, T> byId = new LinkedHashMap<>();
    Stream.concat(some.stream(), others.stream()).forEach(e -> byId.putIfAbsent(id.apply(e), e));
    return byId.values().stream();
  }
}
