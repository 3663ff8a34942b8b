package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.GateTrials;
import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.spark.suggest.GateSuggester.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proposes a gate from data. */
@Command(
    name = "suggest",
    description =
        "Profiles one or several versions, or files, and proposes a gate that they pass: a draft.",
    footer = {
      "",
      "The more versions it sees, the narrower it dares to be.",
      "Example: mlpipeline gates suggest churn/features@v1,v2,v3",
      "         mlpipeline gates suggest --path 2018-07.csv --path 2018-09.csv --out gate.conf"
    })
final class GatesSuggestCommand implements Callable<Integer> {

  private final Shell shell;

  @Mixin private GateData data = new GateData();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the gate; default: standard output.")
  private @Nullable Path file;

  @Mixin private CommonOptions common = new CommonOptions();

  GatesSuggestCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<GateTrials.Data> versions = data.all(shell);
    HandOver.ifLight();
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    try (Engine engine = Engine.starting(1, Map.of())) {
      List<Suggestion> suggestions = engine.trials(warehouse).suggest(versions);
      List<String> names = versions.stream().map(GateTrials.Data::name).toList();
      SuggestedGate gate = new SuggestedGate(names, suggestions);
      if (file != null) {
        write(file, gate.hocon());
      }
      if (common.json()) {
        shell.out().print(new String(JsonOut.pretty(gate::json), StandardCharsets.UTF_8));
      } else if (file == null) {
        shell.out().print(gate.hocon());
      } else {
        shell.out().println(suggestions.size() + " rules are in " + file);
      }
    }
    return ExitCode.DONE;
  }

  private void write(Path to, String text) {
    try {
      Files.writeString(shell.workingDirectory().resolve(to), text);
    } catch (IOException e) {
      throw new EngineException(
          ErrorType.ENVIRONMENT_INVALID, "cannot write " + to + ": " + e.getMessage(), e);
    }
  }
}
