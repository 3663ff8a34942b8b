package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.run.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * What runs steps, with Spark; only the driver JVM loads this class. Until it is closed, Ctrl-C and
 * SIGTERM cancel what runs: what is being published is finished, the run is recorded as cancelled,
 * and the process ends within ten seconds. A second one ends it at once.
 *
 * <p>A JVM that is ended by anybody else meanwhile, such as by a step that calls for its exit,
 * never says that all went well.
 */
final class Driver implements AutoCloseable {

  /** How long the steps have, and how long the process has. */
  private static final Duration STEPS = Duration.ofSeconds(6);

  private static final Duration PROCESS = Duration.ofSeconds(9);

  /** How long a process has to end that has said what became of its run. */
  private static final Duration GOODBYE = Duration.ofMillis(500);

  private final Shell shell;
  private final Engine engine;
  private final Signals signals;
  private final Exits exits;
  private final AtomicInteger signalled = new AtomicInteger();
  private volatile boolean stopped;
  private volatile boolean closed;

  Driver(Shell shell, CommonOptions common, int parallel) {
    this.shell = shell;
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    engine = Engine.starting(parallel, Map.of());
    signals = Signals.call(this::signal);
    exits = Exits.watch(shell);
    if (System.getProperty("mlpipeline.launched") != null) {
      // The light front has found that there is work.
      engine.warmUp(Warehouse.open(common.warehouse, shell.workingDirectory()));
    }
  }

  /** Runs it; until then Spark may have started. */
  RunReport run(
      Planning pipeline, RunRequest request, RunOptions how, Waiting waiting, RunListener listener)
      throws InterruptedException {
    check();
    return engine.run(pipeline, request, how, waiting, listener);
  }

  /** Does something that publishes nothing. */
  <T> T beside(Function<Engine, T> work) {
    check();
    return work.apply(engine);
  }

  private void check() {
    if (stopped) {
      throw new EngineException(ErrorType.CANCELLED, "stopped before it began");
    }
  }

  private void signal() {
    if (signalled.incrementAndGet() > 1) {
      Signals.leave();
    }
    stopped = true;
    Signals.stopping();
    Thread stopping = new Thread(this::stop, "stop");
    stopping.setDaemon(true);
    stopping.start();
  }

  private void stop() {
    shell.err().println("stopping; what is being published is finished first");
    long end = System.nanoTime() + PROCESS.toNanos();
    while (System.nanoTime() < end && !closed) {
      engine.cancelWithin(STEPS); // the run may be about to begin just now
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    if (closed) {
      LockSupport.parkNanos(Math.min(end - System.nanoTime(), GOODBYE.toNanos()));
    } else {
      shell.err().println("it did not stop in time; the next run cleans up");
    }
    Signals.leave();
  }

  /**
   * Stops Spark. After a signal, what became of the run is still to be told; a process that does
   * not end by itself after that is ended.
   */
  @Override
  public void close() {
    engine.close();
    exits.close();
    closed = true;
    if (!stopped) {
      signals.close();
    }
  }
}
