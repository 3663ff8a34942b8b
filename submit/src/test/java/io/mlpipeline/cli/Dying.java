package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A process that runs a pipeline and halts at a point, with no goodbye: no shutdown hook, nothing
 * flushed or closed. Points are {@code STEP PHASE}, {@code STEP ended}, {@code run ended}, {@code
 * file GLOB} (in the call that makes such a file of the warehouse appear) and {@code never}.
 */
final class Dying {

  static final int HALTED = 137;

  private static final String FILE = "file ";

  private Dying() {}

  /** Starts it. */
  static Child at(String point, Path pipeline, Path warehouse, Path agent) throws IOException {
    boolean file = point.startsWith(FILE);
    List<String> jvm =
        file
            ? List.of(
                "-javaagent:" + agent,
                "-D" + Trap.GLOB + "=" + warehouse + "/" + point.substring(FILE.length()))
            : List.of();
    return Child.start(jvm, Dying.class, pipeline.toString(), warehouse.toString(), point);
  }

  public static void main(String[] args) throws Exception {
    Planning planning = EngineHarness.of(Path.of(args[0]), Path.of(args[1])).open();
    try (Engine engine = Engine.starting(1, Map.of("spark.master", "local[2]"))) {
      engine.warmUp(planning.warehouse());
      RunOptions options = new RunOptions(1, RunOptions.OnFailure.STOP);
      RunReport report = engine.run(planning, RunRequest.ALL, options, new Halting(args[2]));
      System.out.println(report.status() + " after " + worked().toMillis() + " ms of work");
    }
  }

  private static Duration worked() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
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
