package io.mlpipeline.cli;

import io.mlpipeline.GateChecks;
import io.mlpipeline.Planning;
import io.mlpipeline.SchemaRegistry;
import io.mlpipeline.Warehouse;
import io.mlpipeline.json.JsonOut;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        "Checks pipeline files: keys, names, graph, schemas, params, gates; and that contracts keep"
            + " their word and pipelines agree. Reads no data.",
    footer = {
      "",
      "Example: mlpipeline validate",
      "         mlpipeline validate conf/pipelines/churn.conf"
    })
final class ValidateCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(
      arity = "0..*",
      paramLabel = "PIPELINE",
      description = "Pipeline files, or their names; default: all under conf/pipelines.")
  private List<String> pipelines = new ArrayList<>();

  private final List<Problem> problems = new ArrayList<>();
  private final List<PipelineSpec> specs = new ArrayList<>();

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  ValidateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    HandOver.ifLight(); // gates are parsed by Deequ's own classes
    Logs.begin(common.warehouse, shell.workingDirectory(), common.verbose);
    SchemaRegistry registry = registry();
    boolean isAll = pipelines.isEmpty();
    if (isAll) {
      registry.pipelines().forEach(file -> pipelines.add(file.toString()));
    }
    if (pipelines.isEmpty() && registry.schemas().isEmpty()) {
      throw EngineException.misused(
          "there is nothing to validate in " + registry.confRoot(),
          "name a pipeline, or go to where conf/pipelines is");
    }
    for (String pipeline : pipelines) {
      check(pipeline);
    }
    SchemaRegistry.Findings contracts = isAll ? registry.check() : registry.check(specs);
    contracts.problems().stream().filter(p -> !problems.contains(p)).forEach(problems::add);
    Warehouse warehouse = Warehouse.open(common.warehouse, shell.workingDirectory());
    problems.addAll(SchemaRegistry.disagreements(specs, warehouse));
    print(contracts.hints());
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
  }

  /** The contracts of the first pipeline's conf root; without one, of where the user stands. */
  private SchemaRegistry registry() {
    Path here = shell.workingDirectory();
    return pipelines.isEmpty()
        ? SchemaRegistry.open(here)
        : SchemaRegistry.of(here.resolve(PipelineOptions.file(pipelines.get(0), here)), here);
  }

  private void print(List<Problem> hints) {
    shell.out().flush();
    if (common.json()) {
      shell.out().print(json(problems, hints));
      return;
    }
    if (!problems.isEmpty()) {
      new Messages(shell).problems(problems);
    }
    for (Problem hint : common.quiet ? List.<Problem>of() : hints) {
      shell.err().println(Messages.clean("hint: " + hint));
    }
  }

  private void check(String pipeline) {
    try {
      Planning planning = options.open(pipeline, common, shell);
      specs.add(planning.spec());
      List<Problem> gates = GateChecks.problems(planning.spec());
      problems.addAll(gates);
      if (gates.isEmpty() && !common.json() && !common.quiet) {
        shell.out().println(valid(planning.spec()));
      }
    } catch (InvalidConfigException e) {
      e.problems().stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
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

  private static String json(List<Problem> problems, List<Problem> hints) {
    byte[] document =
        JsonOut.pretty(
            out ->
                out.number("format", 1)
                    .flag("valid", problems.isEmpty())
                    .array("problems", problems, Messages::problem)
                    .array("hints", hints, Messages::problem));
    return new String(document, StandardCharsets.UTF_8);
  }
}
