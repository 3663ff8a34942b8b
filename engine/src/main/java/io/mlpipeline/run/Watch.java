package io.mlpipeline.run;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptSession;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stops attempts that take too long, and all of them when the run is cancelled. */
final class Watch implements AutoCloseable {

  private @Nullable ScheduledExecutorService timer;
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  /** Watches one attempt until it is closed; to be opened by the attempt's own thread. */
  Guard guard(StepSpec step, AttemptSession session) {
    Guard guard = new Guard(step, session, Thread.currentThread());
    guards.add(guard);
    if (cancelled) {
      guard.stop(ErrorType.CANCELLED, "the run was stopped");
    }
    Duration limit = step.runtime().timeout();
    if (limit != null) {
      guard.timeout =
          timer()
              .schedule(
                  () ->
                      guard.stop(
                          ErrorType.TIMED_OUT, "it took longer than " + limit.toSeconds() + " s"),
                  limit.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
    return guard;
  }

  /** Stops everything that runs and everything that will. */
  void cancel() {
    cancelled = true;
    guards.forEach(g -> g.stop(ErrorType.CANCELLED, "the run was stopped"));
  }

  boolean isCancelled() {
    return cancelled;
  }

  @Override
  public synchronized void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  /** Started by the first step that has a limit. */
  private synchronized ScheduledExecutorService timer() {
    ScheduledExecutorService started = timer;
    if (started == null) {
      started =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "timeouts");
                thread.setDaemon(true);
                return thread;
              });
      timer = started;
    }
    return started;
  }

  /** Watches one attempt. */
  final class Guard implements AutoCloseable {

    private final StepSpec step;
    private final AttemptSession session;
    private final Thread thread;
    private @Nullable Future<?> timeout;
    private @Nullable EngineException stopped;

    private Guard(StepSpec step, AttemptSession session, Thread thread) {
      this.step = step;
      this.session = session;
      this.thread = thread;
    }

    private synchronized void stop(ErrorType type, String why) {
      if (stopped == null && guards.contains(this)) {
        stopped = new EngineException(type, "step " + step.name() + " was stopped: " + why);
        session.cancel();
        thread.interrupt();
      }
    }

    /** Throws if the attempt was stopped: nothing is published after that. */
    synchronized void check() {
      if (stopped != null) {
        throw stopped;
      }
    }

    /**
     * Ends the watch; throws if the attempt was stopped. Beside an exception of the attempt itself
     * this one is a suppressed one, which {@link Failures} prefers.
     */
    @Override
    public void close() {
      guards.remove(this);
      if (timeout != null) {
        timeout.cancel(false);
      }
      synchronized (this) {
        if (stopped != null) {
          Thread.interrupted(); // the flag was ours; the thread goes back to its pool
          throw stopped;
        }
      }
    }
  }
}
