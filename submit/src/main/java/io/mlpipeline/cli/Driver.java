package io.mlpipeline.cli;

import io.mlpipeline.CaseResult;
import io.mlpipeline.EmptyReport;
import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.run.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The part of {@code run} and {@code resume} that needs Spark; only the driver JVM loads this
 * class. Until it is closed, Ctrl-C and SIGTERM cancel the run: what is being published is
 * finished, the run is recorded as cancelled, and the process ends within ten seconds. A second one
 * ends it at once.
 */
final class Driver implements AutoCloseable {

  /** How long the steps have, and how long the process has. */
  private static final Duration STEPS = Duration.ofSeconds(6);

  private static final Duration PROCESS = Duration.ofSeconds(9);

  /** How long Spark has to remove its temporary files after a run that was stopped. */
  private static final Duration TIDY = Duration.ofSeconds(2);

  private final Shell shell;
  private final Engine engine;
  private final Signals signals;
  private final AtomicInteger signalled = new AtomicInteger();
  private volatile boolean stopped;

  Driver(Shell shell, CommonOptions common, int parallel) {
    this.shell = shell;
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    engine = Engine.starting(parallel, Map.of());
    signals = Signals.call(this::signal);
    if (System.getProperty("mlpipeline.launched") != null) {
      // The light front has found that there is work.
      engine.warmUp(Warehouse.open(common.warehouse, shell.workingDirectory()));
    }
  }

  /** Runs it; until then Spark may have started. */
  RunReport run(
      Planning pipeline, RunRequest request, RunOptions how, Waiting waiting, RunListener listener)
      throws InterruptedException {
    if (stopped) {
      throw new EngineException(ErrorType.CANCELLED, "stopped before the run began");
    }
    return engine.run(pipeline, request, how, waiting, listener);
  }

  private void signal() {
    if (signalled.incrementAndGet() > 1) {
      Signals.leave();
    }
    stopped = true;
    Thread stopping = new Thread(this::stop, "stop");
    stopping.setDaemon(true);
    stopping.start();
  }

  /** Runs it on no rows. */
  EmptyReport runEmpty(Planning planning, RunRequest request) {
    return engine.rehearsals(planning.warehouse()).runEmpty(planning, request);
  }

  /** Runs the cases of a pipeline. */
  List<CaseResult> test(
      PlanningOptions options, List<Path> files, Set<String> only, Consumer<CaseResult> listener) {
    Warehouse warehouse = Warehouse.open(options.warehouse(), shell.workingDirectory());
    return engine.rehearsals(warehouse).test(options, files, only, listener);
  }

  private void stop() {
    shell.err().println("stopping; what is being published is finished first");
    long end = System.nanoTime() + PROCESS.toNanos();
    while (System.nanoTime() < end) {
      engine.cancelWithin(STEPS); // the run may be about to begin just now
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    shell.err().println("it did not stop in time; the next run cleans up");
    Signals.leave();
  }

  /**
   * Stops Spark. After a signal the run is on record and told by now, and the process ends here:
   * Spark has a moment to tidy up, for one that is only just starting would hold everybody up.
   */
  @Override
  public void close() {
    if (!stopped) {
      signals.close();
      engine.close();
      return;
    }
    Thread tidying = new Thread(engine::close, "tidy");
    tidying.setDaemon(true);
    tidying.start();
    try {
      tidying.join(TIDY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shell.out().flush();
    shell.err().flush();
    Signals.leave();
  }
}
