package io.mlpipeline.patience;

import io.mlpipeline.step.Default;
import io.mlpipeline.step.Port;
import io.mlpipeline.step.Step;
import io.mlpipeline.step.StepContext;
import io.mlpipeline.step.StepOutput;
import io.mlpipeline.step.StepType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A step that takes as long as a test wants: until a file is there. Its rows are those it reads.
 */
@StepType(value = "waits", inputs = @Port("rows"), outputs = @Port("rows"))
public final class Waits implements Step<Waits.Params> {

  /** A deaf one does not heed being cancelled. What it does then may be {@code exit}. */
  public record Params(String until, @Default("false") boolean deaf, @Default("") String then) {}

  @Override
  public StepOutput run(StepContext context, Params params) throws InterruptedException {
    while (!Files.exists(Path.of(params.until()))) {
      if (Thread.interrupted() && !params.deaf()) {
        throw new InterruptedException("waiting for " + params.until());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    if (params.then().equals("exit")) {
      System.exit(0);
    }
    return StepOutput.table("rows", context.input("rows"));
  }
}
