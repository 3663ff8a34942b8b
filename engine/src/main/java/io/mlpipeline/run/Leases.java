package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LeaseEnd;
import io.mlpipeline.port.LeaseStore;
import io.mlpipeline.port.LeaseStore.Seen;
import io.mlpipeline.port.Processes;
import io.mlpipeline.port.RunListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes leases, waits for them, and finds out whether who holds one lives. Other processes are
 * watched by looking again, for there is nothing that could tell us.
 */
public final class Leases {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final LeaseStore store;
  private final Processes processes;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Backend.Sleeper sleeper;

  /**
   * @param nanos a clock that only goes on, in nanoseconds
   * @param sleeper waits before it looks again
   */
  public Leases(
      LeaseStore store,
      Processes processes,
      InstantSource clock,
      LongSupplier nanos,
      Backend.Sleeper sleeper) {
    this.store = store;
    this.processes = processes;
    this.clock = clock;
    this.nanos = nanos;
    this.sleeper = sleeper;
  }

  /** The newest lease as it is stored. */
  public Seen look(String pipeline) {
    return store.look(pipeline);
  }

  /**
   * Takes the next lease.
   *
   * @param wanted who wants it; its number does not count
   * @throws EngineException {@code LEASE_HELD} if another run lives, and does not end within the
   *     time that is waited
   */
  public Lease take(LeaseClaim wanted, Waiting waiting, RunListener listener)
      throws InterruptedException {
    while (true) {
      Found found = await(wanted.pipeline(), waiting, listener);
      LeaseClaim next = wanted.of(found.seen().epoch() + 1, clock.instant());
      LeaseClaim lost = null;
      if (found.verdict() == Pulse.Verdict.LOST) {
        lost = found.seen().holder();
        end(found.seen(), new LeaseEnd(LeaseEnd.How.LOST, wanted.run(), null, clock.instant()));
      }
      Lease taken = Lease.take(store, next, clock, lost);
      if (taken != null) {
        return taken;
      }
    }
  }

  private void end(Seen seen, LeaseEnd end) {
    store.end(seen.pipeline(), seen.epoch(), end);
  }

  /** Waits until the lease could be taken, and does not take it. Throws as {@link #take}. */
  public void awaitFree(String pipeline, Waiting waiting, RunListener listener)
      throws InterruptedException {
    await(pipeline, waiting, listener);
  }

  private record Found(Seen seen, Pulse.Verdict verdict) {}

  private Found await(String pipeline, Waiting waiting, RunListener listener)
      throws InterruptedException {
    Pulse pulse = new Pulse(processes);
    long began = nanos.getAsLong();
    String said = "";
    while (true) {
      Seen seen = store.look(pipeline);
      Pulse.Verdict verdict = pulse.judge(seen, clock.instant(), nanos.getAsLong());
      boolean live = verdict == Pulse.Verdict.LIVE;
      if (!live && verdict != Pulse.Verdict.UNSURE) {
        return new Found(seen, verdict);
      }
      if (live && !waiting.goesOn(Duration.ofNanos(nanos.getAsLong() - began))) {
        throw held(seen, clock.instant());
      }
      String now = (live ? "waiting for " : "looking whether it lives: ") + holder(seen);
      if (!now.equals(said)) {
        listener.runWaits(now);
        said = now;
      }
      sleeper.sleep(LOOK_AGAIN);
    }
  }

  /** How a lease that a run holds, or held, stands. */
  public enum Life {
    LIVES,
    LOST,
    /** It ended, or a newer lease was taken. */
    OVER
  }

  /**
   * Whether the run that holds the newest lease lives; looks again for as long as the lease lasts
   * if nothing else tells.
   *
   * @param by who looks; it is noted if the run is lost
   * @param listener told why that takes its time
   */
  public Life watch(String pipeline, String run, String by, RunListener listener)
      throws InterruptedException {
    Pulse pulse = new Pulse(processes);
    boolean said = false;
    while (true) {
      Seen seen = store.look(pipeline);
      LeaseClaim holder = seen.holder();
      if (holder != null && !holder.run().equals(run)) {
        return Life.OVER;
      }
      switch (pulse.judge(seen, clock.instant(), nanos.getAsLong())) {
        case FREE -> {
          return Life.OVER;
        }
        case LIVE -> {
          return Life.LIVES;
        }
        case LOST -> {
          end(seen, new LeaseEnd(LeaseEnd.How.LOST, by, null, clock.instant()));
          return Life.LOST;
        }
        case UNSURE -> {
          if (!said) {
            listener.runWaits("looking whether it lives: " + holder(seen));
            said = true;
          }
          sleeper.sleep(LOOK_AGAIN);
        }
      }
    }
  }

  /** Ends the lease of a run by hand, if it holds the newest one. */
  public void abandon(String pipeline, String run, String by, String reason) {
    Seen seen = store.look(pipeline);
    LeaseClaim holder = seen.holder();
    if (seen.standing() == LeaseStore.Standing.OPEN
        && (holder == null || holder.run().equals(run))) {
      end(seen, new LeaseEnd(LeaseEnd.How.ABANDONED, by, reason, clock.instant()));
    }
  }

  /** The lease that a run held, and how it ended; empty if nobody knows. */
  public Optional<LeaseEnd> ended(String pipeline, String run) {
    return store.findClaim(pipeline, run).flatMap(c -> store.findEnd(pipeline, c.epoch()));
  }

  private static String holder(Seen seen) {
    LeaseClaim holder = seen.holder();
    return holder == null ? String.valueOf(seen.damage()) : holder.who();
  }

  /** Who holds a lease, since when, and when its heart beat last. */
  public static EngineException held(Seen seen, Instant now) {
    LeaseClaim holder = seen.holder();
    if (holder == null) {
      return new EngineException(
          ErrorType.LEASE_HELD,
          "somebody runs "
              + seen.pipeline()
              + ", for the lease's heart beats, but "
              + seen.damage());
    }
    return new EngineException(
        ErrorType.LEASE_HELD,
        holder.pipeline()
            + " ("
            + holder.environment()
            + ") is being run: "
            + holder.who()
            + ", since "
            + holder.since()
            + ", last heartbeat "
            + ago(seen.beatAt() == null ? holder.since() : seen.beatAt(), now),
        new TreeMap<>(
            Map.of(
                "run", holder.run(),
                "user", holder.user(),
                "host", holder.host(),
                "pid", Long.toString(holder.pid()),
                "since", holder.since().toString())),
        null);
  }

  private static String ago(@Nullable Instant at, Instant now) {
    if (at == null) {
      return "unknown";
    }
    long seconds = Duration.between(at, now).toSeconds();
    return seconds >= 0
        ? seconds + " s ago"
        : "at " + at + " by its own clock, which is ahead of this one";
  }
}
