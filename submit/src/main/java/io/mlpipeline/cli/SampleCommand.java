package io.mlpipeline.cli;

import io.mlpipeline.steps.sample.ChurnSample;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes synthetic data of any size. */
@Command(
    name = "sample",
    description = "Writes the synthetic churn data, of any size; the same size, the same bytes.",
    footer = {"", "Example: mlpipeline sample --rows 5000000 --out /tmp/big/churn"})
final class SampleCommand implements Callable<Integer> {

  private final Shell shell;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "20000",
      description = "How many events; default ${DEFAULT-VALUE}.")
  private long rows = 20_000;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where to write customers.csv and events/.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Mixin private CommonOptions common = new CommonOptions();

  SampleCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    Path target = shell.workingDirectory().resolve(directory);
    ChurnSample.Summary summary = ChurnSample.write(target, ChurnSample.Spec.ofRows(rows));
    if (!common.quiet) {
      shell
          .out()
          .println(
              Words.count(summary.events())
                  + " events and "
                  + Words.count(summary.customers())
                  + " customers are in "
                  + target);
    }
    return ExitCode.DONE;
  }
}
