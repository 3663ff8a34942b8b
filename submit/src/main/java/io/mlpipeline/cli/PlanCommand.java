package io.mlpipeline.cli;

import io.mlpipeline.GateChecks;
import io.mlpipeline.Planning;
import io.mlpipeline.model.EngineException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what a run would do. */
@Command(
    name = "plan",
    description = {
      "Says what a run would do, step by step, and why. Does nothing.",
      "With -v it says, too, how often each gate passes over the rows."
    },
    footer = {"", "Example: mlpipeline plan conf/pipelines/churn.conf --set params.seed=7"})
final class PlanCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();
  @Mixin private SampleOptions sample = new SampleOptions();

  PlanCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (common.verbose) {
      HandOver.ifLight(); // what gates cost is known by Deequ's own classes
      Logs.begin(common.warehouse, shell.workingDirectory(), false);
    }
    Planning planning = options.open(pipeline, common, shell);
    if (sample.isEmpty()) {
      throw EngineException.misused("there is nothing to plan without rows", "run --empty");
    }
    if (sample.isAsked()) {
      sample.plan(planning, options.request(), shell, common);
      return ExitCode.DONE;
    }
    SortedMap<String, String> costs = new TreeMap<>();
    if (common.verbose) {
      GateChecks.check(planning.spec());
      costs.putAll(GateChecks.costs(planning.spec()));
    }
    new PlanView(shell, common).print(planning, planning.plan(options.request()), costs);
    return ExitCode.DONE;
  }
}
