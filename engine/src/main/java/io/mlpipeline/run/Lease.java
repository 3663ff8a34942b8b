package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LeaseEnd;
import io.mlpipeline.port.Fence;
import io.mlpipeline.port.LeaseStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease that is held: its heart beats until it is closed, and before everything that becomes
 * visible it looks whether it is still in force. A holder that was stopped for so long that another
 * one took over publishes nothing when it wakes.
 */
public final class Lease implements Fence, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  /**
   * The runs of this process that hold a lease, or are about to: of these alone it is no sign of
   * life that the process is there.
   */
  private static final Set<String> HERE = ConcurrentHashMap.newKeySet();

  private final LeaseStore store;
  private final LeaseClaim claim;
  private final InstantSource clock;
  private final ScheduledExecutorService heart;
  private final @Nullable LeaseClaim before;
  private volatile boolean over;

  private Lease(
      LeaseStore store, LeaseClaim claim, InstantSource clock, @Nullable LeaseClaim before) {
    this.store = store;
    this.claim = claim;
    this.clock = clock;
    this.before = before;
    this.heart = Executors.newSingleThreadScheduledExecutor(Lease::thread);
    AtomicLong beats = new AtomicLong();
    long nanos = new LeaseTerms(claim.seconds()).beat().toNanos();
    Future<?> unused =
        heart.scheduleWithFixedDelay(
            () -> beat(beats.incrementAndGet()), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Takes the lease of the claim's number; null if somebody was quicker.
   *
   * @param before who lost the one before it; null if nobody did
   */
  static @Nullable Lease take(
      LeaseStore store, LeaseClaim claim, InstantSource clock, @Nullable LeaseClaim before) {
    HERE.add(claim.run());
    boolean taken = false;
    try {
      taken = store.claim(claim);
      return taken ? new Lease(store, claim, clock, before) : null;
    } finally {
      if (!taken) {
        HERE.remove(claim.run());
      }
    }
  }

  /** Whether a run of this process holds a lease, whatever is stored of it. */
  public static boolean isHeldHere(String run) {
    return HERE.contains(run);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "lease");
    thread.setDaemon(true);
    return thread;
  }

  /** The run that lost this lease's forerunner, if it was lost. */
  public Optional<LeaseClaim> before() {
    return Optional.ofNullable(before);
  }

  /** Whether nobody can have published between that look at the lease and this lease. */
  public boolean follows(LeaseStore.Seen seen) {
    return seen.standing() == LeaseStore.Standing.ENDED && claim.epoch() == seen.epoch() + 1;
  }

  /** A heartbeat that cannot be stored may get lost: there are others. */
  private void beat(long number) {
    try {
      store.beat(claim, number, clock.instant());
    } catch (RuntimeException e) {
      LOG.warn("the lease of {} could not be renewed: {}", claim.pipeline(), e.getMessage());
    }
  }

  @Override
  public void check() {
    if (!isPassed()) {
      throw new EngineException(
          ErrorType.LEASE_LOST,
          "run "
              + claim.run()
              + " may not publish any more: "
              + successor()
              + ", and nothing was published after that");
    }
  }

  private String successor() {
    LeaseStore.Seen newest = store.look(claim.pipeline());
    LeaseClaim holder = newest.holder();
    if (newest.epoch() > claim.epoch()) {
      return (holder == null ? "another run" : holder.who()) + " took over";
    }
    return store
        .findEnd(claim.pipeline(), claim.epoch())
        .map(end -> end.by() + " found it " + end.how().word())
        .orElse("its lease was ended");
  }

  @Override
  public boolean isPassed() {
    if (!over && !store.isInForce(claim.pipeline(), claim.epoch())) {
      over = true;
    }
    return !over;
  }

  /** Stops beating and leaves the lease to end by itself: something may still be going on. */
  public void leave() {
    heart.shutdownNow();
  }

  /** Ends the lease; if that cannot be stored, whoever looks next finds that it is not held. */
  @Override
  public void close() {
    heart.shutdownNow();
    try {
      store.end(
          claim.pipeline(),
          claim.epoch(),
          new LeaseEnd(LeaseEnd.How.RELEASED, claim.run(), null, clock.instant()));
    } catch (RuntimeException e) {
      LOG.warn("the lease of {} could not be given back: {}", claim.pipeline(), e.getMessage());
    } finally {
      HERE.remove(claim.run());
    }
  }
}
