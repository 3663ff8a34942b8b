package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process that runs a pipeline and halts at a point, with no goodbye: no shutdown hook, nothing
 * flushed or closed. Points are {@code STEP PHASE}, {@code STEP ended}, {@code run ended}, {@code
 * file GLOB} (as soon as such a file is in the warehouse) and {@code never}.
 */
final class Dying {

  static final int HALTED = 137;

  /** Less than any write takes, and enough to leave the processor to those who write. */
  private static final long LOOK_AGAIN = 200_000;

  private Dying() {}

  public static void main(String[] args) throws Exception {
    Path warehouse = Path.of(args[1]);
    String point = args[2];
    Planning planning = EngineHarness.of(Path.of(args[0]), warehouse).open();
    try (Engine engine = Engine.starting(1, Map.of("spark.master", "local[2]"))) {
      engine.warmUp(planning.warehouse());
      if (point.startsWith("file ")) {
        String glob = warehouse + "/" + point.substring("file ".length());
        String fixed = glob.replaceAll("[^/]*[*{].*", "");
        watch(Path.of(fixed), "glob:" + glob);
      }
      RunOptions options = new RunOptions(1, RunOptions.OnFailure.STOP);
      RunReport report = engine.run(planning, RunRequest.ALL, options, new Halting(point));
      System.out.println(report.status());
    }
  }

  private static void watch(Path directory, String glob) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher(glob);
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                haltIfThere(directory, matcher);
                LockSupport.parkNanos(LOOK_AGAIN);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void haltIfThere(Path directory, PathMatcher matcher) {
    try (Stream<Path> all = Files.walk(directory)) {
      if (all.anyMatch(matcher::matches)) {
        Runtime.getRuntime().halt(HALTED);
      }
    } catch (java.io.IOException | java.io.UncheckedIOException ignored) {
      // not there yet, or a temporary file went away while it was looked at
    }
  }

  /** Halts where it is told to; says when the first step runs. */
  private record Halting(String point) implements RunListener {

    @Override
    public void stepStarted(String step, String decision, String reason) {
      System.out.println("running " + step);
    }

    @Override
    public void stepAt(String step, String phase) {
      reached(step + " " + phase);
    }

    @Override
    public void stepEnded(StepReport report) {
      reached(report.name() + " ended");
    }

    @Override
    public void runEnded(RunReport report) {
      reached("run ended");
    }

    private void reached(String here) {
      if (here.equals(point)) {
        Runtime.getRuntime().halt(HALTED);
      }
    }
  }
}
