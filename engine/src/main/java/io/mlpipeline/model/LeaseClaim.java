package io.mlpipeline.model;

import java.time.Instant;

/**
 * Who may publish what a pipeline makes: one run a warehouse and pipeline, until its lease ends.
 *
 * @param pipeline the pipeline
 * @param epoch the number of the lease, from 1; whoever holds the highest one may publish
 * @param environment the overlay in force
 * @param run the run that holds it
 * @param user who started it
 * @param host where, as people say it
 * @param machine what tells one boot of one machine, or of one container, from others; empty if the
 *     platform does not say
 * @param pid the process there
 * @param process what tells that process from a later one of the same id; empty if the platform
 *     does not say
 * @param since when it was taken, by that machine's clock
 * @param seconds how long its heartbeat may stand still before it is lost, at least 1
 */
public record LeaseClaim(
    String pipeline,
    long epoch,
    String environment,
    String run,
    String user,
    String host,
    String machine,
    long pid,
    String process,
    Instant since,
    int seconds) {

  public LeaseClaim {
    if (seconds < 1) {
      throw new IllegalArgumentException("a lease of " + seconds + " s");
    }
  }

  /** The same claim on another lease. */
  public LeaseClaim of(long number, Instant taken) {
    return new LeaseClaim(
        pipeline, number, environment, run, user, host, machine, pid, process, taken, seconds);
  }

  /** The run and whose it is, for a message. */
  public String who() {
    return "run " + run + " by " + user + " on " + host + " (pid " + pid + ")";
  }
}
