package io.mlpipeline.cli;

import io.mlpipeline.Engine;
import io.mlpipeline.Planning;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Finds everything that is wrong with pipelines before any data moves. */
@Command(
    name = "validate",
    description =
        "Checks pipeline files: keys, names, graph, schemas, params, gates. Reads no data.",
    footer = {"", "Example: mlpipeline validate conf/pipelines/churn.conf"})
final class ValidateCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      arity = "1..*",
      paramLabel = "PIPELINE",
      description = "Pipeline files, or their names.")
  private List<String> pipelines = new ArrayList<>();

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  ValidateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    HandOver.ifLight(); // gates are parsed by Deequ's own classes
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    List<Problem> problems = new ArrayList<>();
    for (String pipeline : pipelines) {
      check(pipeline, problems);
    }
    if (common.json()) {
      shell.out().print(json(problems));
    } else if (!problems.isEmpty()) {
      new Messages(shell).problems(problems);
    }
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
  }

  private void check(String pipeline, List<Problem> problems) {
    try {
      Planning planning = options.open(pipeline, common, shell);
      List<Problem> gates = Engine.gateProblems(planning.spec());
      problems.addAll(gates);
      if (gates.isEmpty() && !common.json() && !common.quiet) {
        shell.out().println(valid(planning.spec()));
      }
    } catch (InvalidConfigException e) {
      problems.addAll(e.problems());
    }
  }

  private static String valid(PipelineSpec spec) {
    long rules =
        spec.steps().stream()
            .flatMap(s -> s.outputs().stream())
            .mapToLong(o -> o.gate().rules().size())
            .sum();
    return spec.at().file()
        + ": valid: "
        + spec.steps().size()
        + " steps, "
        + spec.inputs().size()
        + " inputs, "
        + rules
        + " rules";
  }

  private static String json(List<Problem> problems) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .flag("valid", problems.isEmpty())
                    .array("problems", problems, Messages::problem));
    return new String(document, StandardCharsets.UTF_8);
  }
}
