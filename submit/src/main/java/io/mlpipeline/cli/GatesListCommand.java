package io.mlpipeline.cli;

import io.mlpipeline.Planning;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.StepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the rules of pipelines with what became of them when they were last judged. */
@Command(
    name = "list",
    description = "Lists the rules of pipelines, and what became of each when it was last judged.",
    footer = {"", "Example: mlpipeline gates list churn"})
final class GatesListCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      arity = "0..*",
      paramLabel = "PIPELINE",
      description = "Pipeline files, or their names; default all under conf/pipelines.")
  private List<String> pipelines = new ArrayList<>();

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  GatesListCommand(Shell shell) {
    this.shell = shell;
  }

  /** One rule of one dataset. */
  private record Listed(String dataset, GateRule rule, @Nullable RuleOutcome outcome) {

    String last() {
      return outcome == null ? "" : RuleHistory.word(outcome);
    }
  }

  @Override
  public Integer call() {
    List<Listed> all = new ArrayList<>();
    for (String pipeline : pipelines.isEmpty() ? everyPipeline() : pipelines) {
      Planning planning = options.open(pipeline, common, shell);
      add(planning.spec(), RuleHistory.load(planning.warehouse(), planning.spec().name()), all);
    }
    if (common.json()) {
      shell.out().print(json(all));
    } else if (all.isEmpty()) {
      shell.err().println("no rules");
    } else {
      TextTable table = new TextTable("dataset", "id", "severity", "last", "rule");
      for (Listed one : all) {
        table.row(
            one.dataset(), one.rule().id(), severity(one.rule()), one.last(), one.rule().text());
      }
      table.print(shell.out());
    }
    return ExitCode.DONE;
  }

  private List<String> everyPipeline() {
    Path folder = shell.workingDirectory().resolve("conf/pipelines");
    if (!Files.isDirectory(folder)) {
      throw EngineException.misused(
          "there is no folder conf/pipelines here", "name a pipeline, or go where conf is");
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> "conf/pipelines/" + file.getFileName())
          .filter(file -> file.endsWith(".conf"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(PipelineSpec spec, RuleHistory history, List<Listed> all) {
    for (InputSpec input : spec.inputs()) {
      add(spec.name(), input.name(), input.gate(), history, all);
    }
    for (StepSpec step : spec.steps()) {
      for (OutputSpec output : step.outputs()) {
        add(spec.name(), output.name(), output.gate(), history, all);
      }
    }
  }

  private static void add(
      String pipeline, String dataset, GateSpec gate, RuleHistory history, List<Listed> all) {
    for (GateRule rule : gate.rules()) {
      RuleOutcome outcome = history.find(dataset, rule.id(), rule.text()).orElse(null);
      all.add(new Listed(pipeline + "/" + dataset, rule, outcome));
    }
  }

  private static String severity(GateRule rule) {
    return rule.severity().name().toLowerCase(Locale.ROOT);
  }

  private static String json(List<Listed> all) {
    byte[] document =
        JsonOut.pretty(
            out -> out.number("format", 1).array("rules", all, (o, one) -> rule(o, one)));
    return new String(document, StandardCharsets.UTF_8);
  }

  private static void rule(JsonOut out, Listed one) {
    RuleOutcome outcome = one.outcome();
    out.text("dataset", one.dataset())
        .text("id", one.rule().id())
        .text("severity", severity(one.rule()))
        .text("rule", one.rule().text())
        .text("at", one.rule().at().toString())
        .text("last", outcome == null ? null : RuleHistory.word(outcome))
        .text("message", outcome == null ? null : outcome.message());
  }
}
