package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.json.RunReportJson;
import io.mlpipeline.model.Durations;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.FailureRecord;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.StepReport;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.rehearse.EmptyReport;
import io.mlpipeline.rehearse.Rehearsals;
import io.mlpipeline.rehearse.Samples;
import io.mlpipeline.run.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  private static final String ENDLESS = "as long as it takes";

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();
  @Mixin private SampleOptions sample = new SampleOptions();

  @Mixin private HowOptions how = new HowOptions();

  @Option(
      names = "--wait",
      paramLabel = "LIMIT",
      arity = "0..1",
      fallbackValue = ENDLESS,
      description = {
        "Waits for another run of the pipeline to end, then plans; --wait=10m waits no longer",
        "than that."
      })
  private @Nullable String wait;

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  private boolean dryRun;

  RunCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    how.check();
    options.request(); // whatever is wrong with it is told before anything starts
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
    RunListener listener = RunView.of(shell, common);
    Waiting waiting = waiting();
    if (HandOver.isLight()) {
      Signals signals = Signals.leaveAtOnce();
      try {
        return print(shell, common, light(waiting, listener));
      } finally {
        signals.close();
      }
    }
    try (Driver driver = new Driver(shell, common, how.parallel())) {
      Planning planning = options.open(pipeline, common, shell);
      return print(
          shell,
          common,
          driver.run(planning, options.request(), how.runOptions(), waiting, listener));
    }
  }

  private int empty() throws Exception {
    HandOver.ifLight();
    Planning planning = options.open(pipeline, common, shell);
    try (Driver driver = new Driver(shell, common, how.parallel())) {
      EmptyReport report =
          driver.beside(
              engine ->
                  new Rehearsals(planning.warehouse(), engine)
                      .runEmpty(planning, options.request()));
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
    RunListener listener = RunView.of(shell, common);
    try (Driver driver = new Driver(shell, common, how.parallel())) {
      prepared.claim();
      RunReport report =
          driver.run(
              prepared.planning(), prepared.request(), how.runOptions(), waiting(), listener);
      SampleOptions.tell(prepared, shell, common);
      return print(shell, common, report);
    }
  }

  /** Waits here where there is something to wait for: Spark would wait idly. */
  private RunReport light(Waiting waiting, RunListener listener) throws InterruptedException {
    Planning planning = options.open(pipeline, common, shell);
    Optional<RunReport> report = planning.runIfNothingToDo(options.request(), listener);
    if (report.isEmpty()) {
      planning.awaitTurn(waiting, listener);
      throw new HandOver();
    }
    return report.get();
  }

  private Waiting waiting() {
    if (wait == null) {
      return Waiting.NONE;
    }
    Duration limit = Durations.parse(wait);
    if (limit == null && !wait.equals(ENDLESS)) {
      throw EngineException.misused(
          "--wait cannot be '" + Messages.clean(wait) + "'",
          "--wait alone waits as long as it takes, --wait=10m no longer than that");
    }
    return new Waiting(limit);
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

  static int print(Shell shell, CommonOptions common, RunReport report) {
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
