package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.json.ReplayJson;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.run.Replay;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends quarantined rows through their gate again. */
@Command(
    name = "replay",
    description = {
      "Judges the rows of a dataset's quarantine by the gate as it is written now:",
      "rows that hold join the dataset, the rest stays. A replay counts once."
    },
    footer = {
      "",
      "Example: mlpipeline gates replay churn events",
      "         mlpipeline gates replay churn events --from corrected.csv"
    })
final class GatesReplayCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Parameters(index = "1", paramLabel = "DATASET", description = "The dataset, such as events.")
  @SuppressWarnings("NullAway.Init")
  private String dataset;

  @Option(
      names = "--from",
      paramLabel = "PATH",
      description = {
        "Corrected rows: a .csv (with a header), .json or .parquet file with the dataset's"
            + " columns.",
        "They take the place of the rows with the same key; without keys, of all."
      })
  private @Nullable String from;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  GatesReplayCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Planning planning = options.open(pipeline, common, shell);
    HandOver.ifLight();
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    String corrected = from == null ? null : shell.workingDirectory().resolve(from).toString();
    try (Engine engine = Engine.starting(1, Map.of())) {
      return print(engine.replay(planning, name(planning), corrected), planning.spec().name());
    }
  }

  /** The pipeline may be named before the dataset, as everywhere else. */
  private String name(Planning planning) {
    String prefix = planning.spec().name() + "/";
    return dataset.startsWith(prefix) ? dataset.substring(prefix.length()) : dataset;
  }

  private int print(Replay.Result result, String name) {
    if (common.json()) {
      byte[] document =
          ReplayJson.write(
              result.run(),
              result.dataset(),
              result.added(),
              result.remaining(),
              result.output(),
              result.gate());
      shell.out().print(new String(document, StandardCharsets.UTF_8));
    } else {
      words(result, name + "/" + result.dataset());
    }
    shell.out().flush();
    return result.rejected() ? ErrorType.GATE_REJECTED.category().exitCode() : ExitCode.DONE;
  }

  private void words(Replay.Result result, String name) {
    OutputVersion output = result.output();
    if (result.rejected()) {
      shell.out().println(name + ": rejected, nothing has changed");
    } else {
      shell
          .out()
          .println(
              name
                  + ": "
                  + Words.count(result.added())
                  + " rows added, "
                  + Words.count(result.remaining())
                  + " stay in quarantine"
                  + (output == null ? "" : "; now " + Words.version(output)));
    }
    GateReport gate = result.gate();
    if (gate != null) {
      for (RuleOutcome outcome : gate.outcomes()) {
        if (!outcome.passed()) {
          shell.err().println("  " + Messages.clean(String.valueOf(outcome.message())));
        }
      }
    }
  }
}
