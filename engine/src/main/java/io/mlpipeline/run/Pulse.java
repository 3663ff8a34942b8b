package io.mlpipeline.run;

import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.port.LeaseStore.Seen;
import io.mlpipeline.port.LeaseStore.Standing;
import io.mlpipeline.port.Processes;
import java.time.Duration;
import java.time.Instant;

/**
 * Judges whether the holder of a lease lives. A clock alone frees no lease and holds none: a holder
 * whose heartbeat looks old is lost only if it was seen to stand still for the lease's time, and
 * one whose heartbeat looks new is believed no longer than that. On the holder's own machine a
 * process that is gone is lost at once. Keeps what it saw; for one observer.
 */
final class Pulse {

  /** Of a lease that cannot be read. */
  private static final int SECONDS = LeaseTerms.DEFAULT_SECONDS;

  private static final int MOST_SECONDS = 600;

  private final Processes processes;
  private long epoch = -1;
  private String beat = "";
  private long since;
  private boolean beats;

  Pulse(Processes processes) {
    this.processes = processes;
  }

  /** What is known of a lease. */
  enum Verdict {
    FREE,
    LIVE,
    LOST,
    /** Its heartbeat looks old, and was not seen to stand still for long enough yet. */
    UNSURE
  }

  Verdict judge(Seen seen, Instant now, long nanos) {
    if (seen.standing() == Standing.ENDED) {
      return Verdict.FREE;
    }
    LeaseClaim holder = seen.holder();
    if (holder != null && processes.isGone(holder)) {
      return Verdict.LOST;
    }
    if (seen.epoch() != epoch || !seen.beat().equals(beat)) {
      beats = seen.epoch() == epoch;
      epoch = seen.epoch();
      beat = seen.beat();
      since = nanos;
    }
    Duration term = term(seen);
    if (nanos - since >= term.toNanos()) {
      return Verdict.LOST;
    }
    return beats || isRecent(seen, now, term) ? Verdict.LIVE : Verdict.UNSURE;
  }

  static Duration term(Seen seen) {
    LeaseClaim holder = seen.holder();
    return Duration.ofSeconds(holder == null ? SECONDS : Math.min(MOST_SECONDS, holder.seconds()));
  }

  private static boolean isRecent(Seen seen, Instant now, Duration term) {
    LeaseClaim holder = seen.holder();
    Instant at = seen.beatAt() == null && holder != null ? holder.since() : seen.beatAt();
    return at != null && Duration.between(at, now).abs().compareTo(term) <= 0;
  }
}
