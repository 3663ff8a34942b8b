package io.mlpipeline.port;

import io.mlpipeline.model.LeaseClaim;
import io.mlpipeline.model.LeaseEnd;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leases of pipelines, numbered: a lease is taken by putting its number if absent, and ended by
 * putting its end if absent. Safe from any number of processes.
 */
public interface LeaseStore {

  /** The newest lease of a pipeline. Damage in it is told, not thrown. */
  Seen look(String pipeline);

  /** Takes the lease of the claim's number; false if somebody else has it or a newer one. */
  boolean claim(LeaseClaim claim);

  /** Replaces the heartbeat of a lease. */
  void beat(LeaseClaim claim, long number, Instant at);

  /** Ends a lease; false if it was ended already. */
  boolean end(String pipeline, long epoch, LeaseEnd end);

  /** How a lease ended; empty if it has not, if nobody knows any more, or if it is damaged. */
  Optional<LeaseEnd> findEnd(String pipeline, long epoch);

  /** The lease that a run held; empty if it held none, or if that was many leases ago. */
  Optional<LeaseClaim> findClaim(String pipeline, String run);

  /** Whether the lease of this number is the newest one and has not ended. One listing. */
  boolean isInForce(String pipeline, long epoch);

  /** Whether a lease can be taken. */
  enum Standing {
    /** There is none, or it has ended. */
    ENDED,
    /** It has not ended. */
    OPEN
  }

  /**
   * A lease as it was seen.
   *
   * @param pipeline the pipeline
   * @param epoch its number; 0 if there is none
   * @param standing whether it has ended
   * @param holder who took it; null if there is none, or if that cannot be read
   * @param damage why the holder cannot be read; null if it can
   * @param beat the heartbeat as it is stored, to be compared; empty if there is none
   * @param beatAt when that was, by the holder's clock; null if nobody knows
   */
  record Seen(
      String pipeline,
      long epoch,
      Standing standing,
      @Nullable LeaseClaim holder,
      @Nullable String damage,
      String beat,
      @Nullable Instant beatAt) {

    /** There is no lease. */
    public static Seen none(String pipeline) {
      return new Seen(pipeline, 0, Standing.ENDED, null, null, "", null);
    }
  }
}
