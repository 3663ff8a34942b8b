package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.GateTrials;
import io.mlpipeline.Warehouse;
import io.mlpipeline.config.GateFile;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorCategory;
import io.mlpipeline.model.GateSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Judges data that is there by rules that are not in force. */
@Command(
    name = "test",
    description = "Judges a version, or files, by the rules of a file; publishes nothing.",
    footer = {
      "",
      "The file holds the lists of a gate (block, warn, quarantine), or one rule a line.",
      "Example: mlpipeline gates test churn/features@v3 --rules rules.conf",
      "         mlpipeline gates test --path trips.csv --rules rules.dqdl"
    })
final class GatesTestCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private GateData data = new GateData();

  @Option(
      names = "--rules",
      required = true,
      paramLabel = "FILE",
      description = "The rules to judge by.")
  @SuppressWarnings("NullAway.Init")
  private Path rules;

  @Mixin private CommonOptions common = new CommonOptions();

  GatesTestCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    GateTrials.Data asked = data.one(shell);
    GateSpec gate = gate();
    HandOver.ifLight();
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    try (Engine engine = Engine.starting(1, Map.of())) {
      GateTestView view =
          new GateTestView(asked.name(), gate, engine.trials(warehouse).test(asked, gate));
      if (common.json()) {
        shell.out().print(new String(JsonOut.pretty(view::json), StandardCharsets.UTF_8));
      } else {
        view.print(shell);
      }
      return view.isRejected() ? ErrorCategory.REJECTED.exitCode() : ExitCode.DONE;
    }
  }

  private GateSpec gate() {
    GateFile.LoadedGate loaded = GateFile.load(rules, shell.workingDirectory());
    if (!loaded.problems().isEmpty()) {
      throw EngineException.invalid(loaded.problems());
    }
    return Objects.requireNonNull(loaded.spec());
  }
}
