package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.run.Runner;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A run that goes on, from before it is planned, and how to stop it wherever it is. */
final class Going {

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private @Nullable Runner runner;
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
    stopRunner();
  }

  synchronized void begins(Runner started) {
    runner = started;
    if (isStopped()) {
      stopRunner();
    }
  }

  private void stopRunner() {
    Runner started = runner;
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
    return runner != null && runner.isLeftBehind();
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
      throw new EngineException(ErrorType.CANCELLED, "the run was stopped while Spark started");
    }
    return future.join();
  }

  private static EngineException stoppedBy(@Nullable Throwable cause) {
    return cause instanceof EngineException known
        ? known
        : new EngineException(ErrorType.CANCELLED, "the run was stopped", cause);
  }
}
