package io.mlpipeline.cli;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.run.RunOptions;
import picocli.CommandLine.Option;

/** How a run goes about its work; nothing in here decides what comes of it. */
final class HowOptions {

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many steps may be computed at once; default: the number of cores.")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--keep-going",
      description = "After a failure, goes on with what does not depend on it.")
  private boolean keepGoing;

  /** Refuses what makes no sense, before anything is begun. */
  void check() {
    if (parallel < 1) {
      throw EngineException.misused(
          "--parallel must be at least 1, not " + parallel,
          "--parallel 1 does one after the other");
    }
  }

  int parallel() {
    return parallel;
  }

  RunOptions runOptions() {
    return new RunOptions(
        parallel, keepGoing ? RunOptions.OnFailure.KEEP_GOING : RunOptions.OnFailure.STOP);
  }
}
