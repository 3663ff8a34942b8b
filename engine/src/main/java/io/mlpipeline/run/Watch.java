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
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops attempts that take too long, and all of them when the run is cancelled. An attempt that is
 * publishing already is not stopped by cancelling: it ends in an instant, and whole.
 */
final class Watch implements AutoCloseable {

  private @Nullable ScheduledExecutorService timer;
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private final Set<Thread> sleeping = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;
  private boolean closed;

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

  /** Does something after a while, unless the watch is closed before. */
  synchronized void after(Duration pause, Runnable what) {
    if (!closed) {
      ScheduledFuture<?> unused = timer().schedule(what, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Stops everything that runs and everything that will. */
  void cancel() {
    cancelled = true;
    guards.forEach(g -> g.stop(ErrorType.CANCELLED, "the run was stopped"));
    synchronized (sleeping) {
      sleeping.forEach(Thread::interrupt);
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Sleeps until the pause is over or the run is cancelled. */
  void sleep(Backend.Sleeper sleeper, Duration pause) throws InterruptedException {
    Thread self = Thread.currentThread();
    sleeping.add(self);
    try {
      if (!cancelled) {
        sleeper.sleep(pause);
      }
    } catch (InterruptedException e) {
      if (!cancelled) {
        throw e;
      }
    } finally {
      synchronized (sleeping) {
        sleeping.remove(self);
        if (cancelled) {
          Thread.interrupted(); // the flag was ours, and the end of the step is to be recorded
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  /** Started by the first that needs it. */
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
    private boolean publishing;

    private Guard(StepSpec step, AttemptSession session, Thread thread) {
      this.step = step;
      this.session = session;
      this.thread = thread;
    }

    private synchronized void stop(ErrorType type, String why) {
      boolean ends = publishing && type == ErrorType.CANCELLED;
      if (stopped == null && !ends && guards.contains(this)) {
        stopped = new EngineException(type, "step " + step.name() + " was stopped: " + why);
        session.cancel();
        thread.interrupt();
      }
    }

    /**
     * Throws if the attempt was stopped: nothing is published after that. From here on it
     * publishes, and cancelling lets it.
     */
    synchronized void check() {
      if (stopped != null) {
        throw stopped;
      }
      publishing = true;
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
