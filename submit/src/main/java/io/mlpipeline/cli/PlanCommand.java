package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what a run would do. */
@Command(
    name = "plan",
    description = "Says what a run would do, step by step, and why. Does nothing.",
    footer = {"", "Example: mlpipeline plan conf/pipelines/churn.conf --set params.seed=7"})
final class PlanCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  PlanCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Planning planning = options.open(pipeline, common, shell);
    new PlanView(shell, common).print(planning, planning.plan(options.request()));
    return ExitCode.DONE;
  }
}
