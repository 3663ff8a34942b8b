package io.mlpipeline.config;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on text that a user wrote in a thread with a stack of known size. What exhausts the
 * stack, the memory or the patience becomes a sentence instead of an Error.
 */
final class BoundedThread {

  private static final long STACK = 64L << 20;
  private static final long SECONDS = 20;

  private BoundedThread() {}

  /** The result; null if the work was too much, which is then said. */
  static <T> @Nullable T call(Callable<T> work, Consumer<String> tooMuch) {
    AtomicReference<@Nullable T> result = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    Runnable body =
        () -> {
          try {
            result.set(work.call());
          } catch (Throwable e) {
            failure.set(e);
          } finally {
            done.countDown();
          }
        };
    Thread thread = new Thread(null, body, "mlpipeline-config", STACK);
    thread.setDaemon(true);
    thread.start();
    if (!await(done)) {
      thread.interrupt();
      tooMuch.accept("its substitutions take more than " + SECONDS + " seconds to resolve");
      return null;
    }
    return outcome(result.get(), failure.get(), tooMuch);
  }

  private static <T> @Nullable T outcome(
      @Nullable T result, @Nullable Throwable failure, Consumer<String> tooMuch) {
    if (failure instanceof StackOverflowError) {
      tooMuch.accept("its values or substitutions are nested too deep");
    } else if (failure instanceof OutOfMemoryError) {
      tooMuch.accept("its substitutions expand to more than the memory holds");
    } else if (failure instanceof RuntimeException unexpected) {
      throw unexpected;
    } else if (failure instanceof Error error) {
      throw error;
    } else if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return result;
  }

  private static boolean await(CountDownLatch done) {
    try {
      return done.await(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
