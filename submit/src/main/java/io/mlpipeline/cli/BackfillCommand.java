package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.plan.Decision;
import io.mlpipeline.plan.RunPlan;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.run.Waiting;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes missing and stale partitions of a range of days or hours. */
@Command(
    name = "backfill",
    description = {
      "Makes the partitions of a range of days or hours that are missing or stale, in chunks, and"
          + " goes on",
      "past those that fail. May be repeated at any time: what is good is left alone."
    },
    footer = {
      "",
      "Example: mlpipeline backfill shop --from 2024-05-01 --to 2024-05-31",
      "         mlpipeline backfill clicks --from 2024-06-01T00 --to 2024-06-01T05"
    })
final class BackfillCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      required = true,
      description = "The first day or hour, such as 2024-06-01 or 2024-06-01T13.")
  @SuppressWarnings("NullAway.Init")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      required = true,
      description = "The last day or hour.")
  @SuppressWarnings("NullAway.Init")
  private String to;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "How many partitions are made and published together; default 31.")
  private int chunk = 31;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many chunks may be computed at once; default: the number of cores.")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(names = "--dry-run", description = "Says what is due, and does nothing.")
  private boolean dryRun;

  BackfillCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    atLeastOne("--parallel", parallel);
    atLeastOne("--chunk", chunk);
    RunRequest request = request();
    Planning planning = options.open(pipeline, common, shell);
    RunPlan plan = planning.plan(request).plan();
    DayMarks marks = new DayMarks(planning);
    if (dryRun || isDone(plan)) {
      marks.add(plan);
      print(marks, request, null);
      return ExitCode.DONE;
    }
    HandOver.ifLight();
    RunOptions how = new RunOptions(parallel, RunOptions.OnFailure.KEEP_GOING, chunk);
    RunReport report;
    try (Driver driver = new Driver(shell, common, parallel)) {
      report =
          driver.run(planning, request, how, Waiting.NONE, marks.beside(RunView.of(shell, common)));
    }
    marks.add(planning.plan(request).plan());
    print(marks, request, report);
    RunCommand.failures(report).forEach(new Messages(shell)::failure);
    return ExitCode.of(report);
  }

  /** Nothing is to be made, judged or restored, and nothing is in the way. */
  private static boolean isDone(RunPlan plan) {
    return plan.nothingToDo()
        && plan.decisions().stream().noneMatch(d -> d.decision() == Decision.BLOCKED);
  }

  private void print(DayMarks marks, RunRequest request, @Nullable RunReport report) {
    CalendarView view = new CalendarView(shell);
    if (common.json()) {
      view.json(marks, request.partitions(), report);
    } else {
      view.print(marks, request.partitions(), report);
    }
    shell.out().flush();
  }

  private RunRequest request() {
    PartitionTime first = time("--from", from);
    PartitionTime last = time("--to", to);
    if (!last.end().isAfter(first.start())) {
      throw EngineException.misused(
          "the range from " + first + " to " + last + " ends before it begins",
          "swap --from and --to");
    }
    return options
        .request()
        .of(new PartitionChoice(first, last, options.limit(), PartitionChoice.Steps.BY_PARTITION));
  }

  private static PartitionTime time(String option, String written) {
    return PartitionTime.find(written)
        .orElseThrow(
            () ->
                EngineException.misused(
                    option + " is no date and no hour: '" + Messages.clean(written) + "'",
                    PartitionTime.FORM));
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1) {
      throw EngineException.misused(
          option + " must be at least 1, not " + value, "leave it out for the default");
    }
  }
}
