package io.mlpipeline.cli;

import io.mlpipeline.EmptyReport;
import io.mlpipeline.Planning;
import io.mlpipeline.Samples;
import io.mlpipeline.json.RunReportJson;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.RunOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs what changed. */
@Command(
    name = "run",
    description = "Runs a pipeline: computes what changed, reuses the rest.",
    footer = {
      "",
      "Example: mlpipeline run conf/pipelines/churn.conf --set params.seed=7",
      "         mlpipeline run churn --step features --force"
    })
final class RunCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();
  @Mixin private SampleOptions sample = new SampleOptions();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many steps may be computed at once; default: the number of cores.")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--keep-going",
      description = "After a failure, goes on with what does not depend on it.")
  private boolean keepGoing;

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  private boolean dryRun;

  RunCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    if (parallel < 1) {
      shell.err().println("mlpipeline: --parallel must be at least 1, not " + parallel);
      return ExitCode.USAGE;
    }
    if (sample.isEmpty()) {
      return empty();
    }
    if (sample.isAsked()) {
      return sampled();
    }
    if (dryRun) {
      Planning planning = options.open(pipeline, common, shell);
      new PlanView(shell, common).print(planning, planning.plan(options.request()));
      return ExitCode.DONE;
    }
    RunView view = new RunView(shell, common);
    RunListener listener = common.json() || common.quiet ? new RunListener() {} : view;
    if (HandOver.isLight()) {
      return print(light(listener));
    }
    try (Driver driver = new Driver(shell, common, parallel)) {
      return print(
          driver.run(
              () -> options.open(pipeline, common, shell), options.request(), how(), listener));
    }
  }

  private RunOptions how() {
    return new RunOptions(
        parallel, keepGoing ? RunOptions.OnFailure.KEEP_GOING : RunOptions.OnFailure.STOP);
  }

  private int empty() throws Exception {
    HandOver.ifLight();
    Planning planning = options.open(pipeline, common, shell);
    try (Driver driver = new Driver(shell, common, parallel)) {
      EmptyReport report = driver.runEmpty(planning, options.request());
      if (common.json()) {
        new EmptyView(shell).json(report);
      } else {
        new EmptyView(shell).print(report);
      }
      EmptyReport.StepResult failed = report.firstFailure();
      return failed == null || failed.failure() == null
          ? ExitCode.DONE
          : failed.failure().type().category().exitCode();
    }
  }

  private int sampled() throws Exception {
    Planning real = options.open(pipeline, common, shell);
    if (dryRun) {
      sample.plan(real, options.request(), shell, common);
      return ExitCode.DONE;
    }
    Samples.Prepared prepared = sample.prepare(real, options.request());
    RunListener listener =
        common.json() || common.quiet ? new RunListener() {} : new RunView(shell, common);
    try (Driver driver = new Driver(shell, common, parallel)) {
      prepared.claim();
      RunReport report = driver.run(prepared::planning, prepared.request(), how(), listener);
      SampleOptions.tell(prepared, shell, common);
      return print(report);
    }
  }

  private RunReport light(RunListener listener) throws InterruptedException {
    Planning planning = options.open(pipeline, common, shell);
    Optional<RunReport> report = planning.runIfNothingToDo(options.request(), listener);
    return report.orElseThrow(HandOver::new);
  }

  /** Of every step that has one, if it goes on after the first; else of the run itself. */
  static List<FailureRecord> failures(RunReport report) {
    List<FailureRecord> all = new ArrayList<>();
    report.steps().stream().map(StepReport::failure).filter(Objects::nonNull).forEach(all::add);
    FailureRecord own = report.failure();
    if (own != null && all.stream().noneMatch(one -> Objects.equals(one.step(), own.step()))) {
      all.add(own);
    }
    return all;
  }

  private int print(RunReport report) {
    if (common.json()) {
      shell
          .out()
          .print(new String(RunReportJson.write(report), java.nio.charset.StandardCharsets.UTF_8));
    } else {
      new RunSummary(shell).print(report);
    }
    shell.out().flush();
    failures(report).forEach(new Messages(shell)::failure);
    return ExitCode.of(report);
  }
}
