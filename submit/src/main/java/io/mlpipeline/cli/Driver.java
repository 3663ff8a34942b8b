package io.mlpipeline.cli;

import io.mlpipeline.EmptyReport;
import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.Warehouse;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The part of {@code run} that needs Spark; only the driver JVM loads this class. Until it is
 * closed, Ctrl-C and SIGTERM cancel the run and wait for its record and its summary.
 */
final class Driver implements AutoCloseable {

  private static final int GRACE_SECONDS = 9;

  private final Shell shell;
  private final Engine engine;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "stop");

  Driver(Shell shell, CommonOptions common, int parallel) {
    this.shell = shell;
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    engine = Engine.starting(parallel, Map.of());
    if (System.getProperty("mlpipeline.launched") != null) {
      // The light front has found that there is work.
      engine.warmUp(Warehouse.open(common.warehouse, shell.workingDirectory()));
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Reads the pipeline while Spark starts, and runs it. */
  RunReport run(
      Callable<Planning> pipeline, RunRequest request, RunOptions how, RunListener listener)
      throws Exception {
    return engine.run(pipeline.call(), request, how, listener);
  }

  /** Runs it on no rows. */
  EmptyReport runEmpty(Planning planning, RunRequest request) {
    return engine.runEmpty(planning, request);
  }

  private void stop() {
    shell.err().println("stopping; what is being published is finished first");
    engine.cancel();
    try {
      if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        shell.err().println("it did not stop in time; the next run cleans up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ignored) {
      return; // the process is on its way down already, and Spark with it
    }
    engine.close();
  }
}
