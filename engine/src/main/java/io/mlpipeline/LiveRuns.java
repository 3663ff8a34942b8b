package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LeaseEnd;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.Receipt;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.Leases;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/**
 * Tells runs that go on from lost ones, and puts the lost on record, each once: a run is lost if it
 * neither ended nor holds a lease whose heart beats.
 */
public final class LiveRuns {

  /** What lineage says of a run that has begun and not ended. */
  private static final String RUNNING = "running";

  /** The fact that says who abandoned a run. */
  private static final String ABANDONED_BY = "abandoned-by";

  /** The receipts of what others say of a run; its own are counted from 0. */
  private static final int LOST_RECEIPT = 9_000;

  private static final int ABANDONED_RECEIPT = 9_001;

  private final Warehouse warehouse;
  private final InstantSource clock;
  private final Leases leases;

  private LiveRuns(Warehouse warehouse, InstantSource clock) {
    this.warehouse = warehouse;
    this.clock = clock;
    this.leases = Wiring.leases(warehouse, clock, pause -> Thread.sleep(pause.toMillis()));
  }

  /** Of a warehouse. */
  public static LiveRuns of(Warehouse warehouse) {
    return new LiveRuns(warehouse, InstantSource.system());
  }

  /**
   * The newest runs as {@link io.mlpipeline.port.Ledger#runs} gives them; {@code running} are only
   * those that are. Those that turn out to be lost are recorded.
   *
   * @param listener told where that takes its time
   */
  public List<LineageEvent> runs(String pipeline, int limit, RunListener listener)
      throws InterruptedException {
    List<LineageEvent> all = new ArrayList<>();
    for (LineageEvent run : warehouse.ledger().runs(pipeline, limit)) {
      all.add(isRunning(run) ? settled(run, listener) : run);
    }
    return all;
  }

  /**
   * The events of a run; how it ended is among them if it is lost. Empty if there is no such run.
   */
  public List<LineageEvent> run(String id, RunListener listener) throws InterruptedException {
    List<LineageEvent> events = warehouse.ledger().run(id);
    Optional<LineageEvent> begun = last(events);
    if (begun.isEmpty() || !isRunning(begun.get())) {
      return events;
    }
    LineageEvent now = settled(begun.get(), listener);
    if (isRunning(now)) {
      return events;
    }
    List<LineageEvent> known = warehouse.ledger().run(id);
    return last(known).filter(e -> !isRunning(e)).isPresent() ? known : with(known, now);
  }

  private static List<LineageEvent> with(List<LineageEvent> events, LineageEvent one) {
    List<LineageEvent> all = new ArrayList<>(events);
    all.add(one);
    return all;
  }

  /** What is known last of the run itself: how it ended, or that it has begun. */
  static Optional<LineageEvent> last(List<LineageEvent> events) {
    List<LineageEvent> runs =
        events.stream().filter(e -> e.kind() == LineageEvent.Kind.RUN).toList();
    return runs.stream()
        .filter(e -> !isRunning(e))
        .max(Comparator.comparing(LineageEvent::ended))
        .or(() -> runs.stream().findFirst());
  }

  private static boolean isRunning(LineageEvent event) {
    return event.status().equals(RUNNING);
  }

  private LineageEvent settled(LineageEvent run, RunListener listener) throws InterruptedException {
    if (lives(run, listener)) {
      return run;
    }
    // It may have ended while we looked.
    Optional<LineageEvent> ended =
        last(warehouse.ledger().run(run.runId())).filter(e -> !isRunning(e));
    return ended.isPresent() ? ended.get() : record(run);
  }

  private boolean lives(LineageEvent run, RunListener listener) throws InterruptedException {
    LeaseStore.Seen seen = leases.look(run.pipeline());
    LeaseClaim holder = seen.holder();
    boolean unclear =
        seen.epoch() == 0 || (holder == null && seen.standing() == LeaseStore.Standing.OPEN);
    if (unclear && !isOfGoneProcess(run)) {
      return seen.epoch() == 0 || watch(run, listener) == Leases.Life.LIVES;
    }
    return !unclear && watch(run, listener) == Leases.Life.LIVES;
  }

  private Leases.Life watch(LineageEvent run, RunListener listener) throws InterruptedException {
    return leases.watch(run.pipeline(), run.runId(), Planning.user(), listener);
  }

  /** All that is known of a run without a lease: one of an engine that took none. */
  private static boolean isOfGoneProcess(LineageEvent run) {
    String pid = run.facts().getOrDefault("pid", "");
    return RunFacts.host().equals(run.facts().get("host"))
        && pid.matches("[0-9]{1,18}")
        && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }

  /** Records that whoever held the lease before this one is lost, unless its run had ended. */
  void lost(LeaseClaim holder) {
    List<LineageEvent> events = warehouse.ledger().run(holder.run());
    Optional<LineageEvent> last = last(events);
    if (last.isEmpty() || isRunning(last.get())) {
      record(last.orElseGet(() -> begun(holder)));
    }
  }

  /** A run that died between taking its lease and saying that it has begun. */
  private static LineageEvent begun(LeaseClaim holder) {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("user", holder.user());
    facts.put("host", holder.host());
    facts.put("pid", Long.toString(holder.pid()));
    return new LineageEvent(
        holder.run(),
        LineageEvent.Kind.RUN,
        holder.run(),
        holder.pipeline(),
        holder.environment(),
        null,
        0,
        RUNNING,
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        new TreeMap<>(),
        List.of(),
        null,
        facts,
        holder.since(),
        holder.since());
  }

  /** Made of what is stored alone, so that all who notice record the same. */
  private LineageEvent record(LineageEvent run) {
    LeaseEnd end = leases.ended(run.pipeline(), run.runId()).orElse(null);
    SortedMap<String, String> facts = new TreeMap<>(run.facts());
    if (end != null) {
      facts.put("noticed-by", end.by());
    }
    LineageEvent lost =
        lost(
            run,
            "/lost",
            "it ended without saying so",
            facts,
            end == null || end.at().isBefore(run.started()) ? run.started() : end.at());
    try {
      warehouse.ledger().record(new Receipt(run.runId(), LOST_RECEIPT, List.of(lost)));
    } catch (EngineException e) {
      // Who may only read must be able to look; the next who may write records it.
      Details.LOG.debug("that run {} is lost was not recorded", run.runId(), e);
    }
    return lost;
  }

  /**
   * Ends a lost run by hand: its lease is over, it is not resumed any more, and lineage says who
   * did that and why.
   *
   * @return the event that says so
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run, or if it ended by
   *     itself; {@code LEASE_HELD} if it lives
   */
  public LineageEvent abandon(String id, String reason, String by, RunListener listener)
      throws InterruptedException {
    LineageEvent run =
        last(run(id, listener))
            .orElseThrow(
                () ->
                    EngineException.misused(
                        "there is no run " + id, "mlpipeline runs list names them"));
    if (isRunning(run)) {
      throw Leases.held(leases.look(run.pipeline()), clock.instant());
    }
    String before = run.facts().get(ABANDONED_BY);
    if (before != null || !run.status().equals(RunStatus.LOST.word())) {
      throw EngineException.misused(
          before == null
              ? "run " + id + " is not lost, it ended: " + run.status()
              : "run " + id + " was abandoned by " + before + " already",
          "only a run that ended without saying so can be abandoned");
    }
    leases.abandon(run.pipeline(), id, by, reason);
    SortedMap<String, String> facts = new TreeMap<>(run.facts());
    facts.put(ABANDONED_BY, by);
    Instant now = clock.instant();
    LineageEvent abandoned =
        lost(
            run,
            "/abandoned",
            "abandoned by " + by + ": " + reason,
            facts,
            now.isAfter(run.ended()) ? now : run.ended().plusMillis(1));
    warehouse.ledger().record(new Receipt(id, ABANDONED_RECEIPT, List.of(abandoned)));
    return abandoned;
  }

  /** Whether a person ended the run by hand. */
  static boolean isAbandoned(LineageEvent run) {
    return run.facts().containsKey(ABANDONED_BY);
  }

  private static LineageEvent lost(
      LineageEvent run, String id, String reason, SortedMap<String, String> facts, Instant to) {
    return new LineageEvent(
        run.runId() + id,
        LineageEvent.Kind.RUN,
        run.runId(),
        run.pipeline(),
        run.environment(),
        null,
        0,
        RunStatus.LOST.word(),
        reason,
        null,
        List.of(),
        List.of(),
        List.of(),
        new TreeMap<>(),
        List.of(),
        null,
        facts,
        run.started(),
        to);
  }

  /** Loaded only where something could not be recorded. */
  private static final class Details {
    static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LiveRuns.class);
  }
}
