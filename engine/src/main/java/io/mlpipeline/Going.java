package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.run.Stoppable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run, or something else that goes on, from before it is planned, and how to stop it wherever it
 * is.
 */
public final class Going {

  /** How long work that publishes nothing has to end. */
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private @Nullable Stoppable work;
  private @Nullable Duration patience;

  /**
   * Stops it, from any thread.
   *
   * @param within how long its steps have to end; null for as long as they need
   */
  synchronized void stop(@Nullable Duration within) {
    patience = within;
    stopped.completeExceptionally(
        new EngineException(ErrorType.CANCELLED, "the run was stopped before it began"));
    stopWork();
  }

  /** This is what is to be stopped from now on. */
  public synchronized void begins(Stoppable started) {
    work = started;
    if (isStopped()) {
      stopWork();
    }
  }

  private void stopWork() {
    Stoppable started = work;
    Duration within = patience;
    if (started != null && within == null) {
      started.cancel();
    } else if (started != null && within != null) {
      started.cancelWithin(within);
    }
  }

  boolean isStopped() {
    return stopped.isDone();
  }

  /** Whether it ended while a step of it went on. */
  synchronized boolean isLeftBehind() {
    return work != null && work.isLeftBehind();
  }

  /** Throws {@code CANCELLED} if it was stopped. */
  public void check() {
    if (isStopped()) {
      throw cancelled("stopped; nothing of it is kept");
    }
  }

  /**
   * Does what publishes nothing, in a thread of its own: stopped, it is interrupted, and left
   * behind if it does not heed that within a moment; {@code CANCELLED} is thrown then.
   */
  public <T> T aside(Supplier<T> what) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(what.get());
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            },
            "work");
    thread.setDaemon(true);
    thread.start();
    CompletableFuture.anyOf(done, stopped).exceptionally(e -> null).join();
    if (isStopped()) {
      giveUp(thread, done);
      check();
    }
    try {
      return done.join();
    } catch (CompletionException e) {
      throw unwrapped(e);
    }
  }

  /** The work has been cancelled by now; where it is between two parts of it, this wakes it. */
  private static void giveUp(Thread thread, CompletableFuture<?> done) {
    thread.interrupt();
    try {
      done.handle((result, e) -> true).get(MOMENT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // it does not heed it; the thread ends with the process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException unwrapped(CompletionException e) {
    if (e.getCause() instanceof Error bug) {
      throw bug;
    }
    return e.getCause() instanceof RuntimeException cause ? cause : e;
  }

  /** Waits; throws {@code CANCELLED} as soon as the run is stopped. */
  void sleep(Duration pause) throws InterruptedException {
    try {
      stopped.get(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException expected) {
      // nobody stopped it
    } catch (ExecutionException e) {
      throw stoppedBy(e.getCause());
    }
  }

  /** What the future gives; throws {@code CANCELLED} as soon as the run is stopped. */
  <T> T await(CompletableFuture<T> future) {
    CompletableFuture.anyOf(future, stopped).exceptionally(e -> null).join();
    if (isStopped() && !future.isDone()) {
      throw cancelled("stopped while Spark started");
    }
    return future.join();
  }

  private static EngineException stoppedBy(@Nullable Throwable cause) {
    return cause instanceof EngineException known
        ? known
        : new EngineException(ErrorType.CANCELLED, "the run was stopped", cause);
  }

  private static EngineException cancelled(String how) {
    return new EngineException(ErrorType.CANCELLED, how);
  }
}
