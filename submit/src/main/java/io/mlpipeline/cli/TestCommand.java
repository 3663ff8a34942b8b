package io.mlpipeline.cli;

import io.mlpipeline.PlanningOptions;
import io.mlpipeline.Warehouse;
import io.mlpipeline.config.CaseFile;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorCategory;
import io.mlpipeline.rehearse.CaseResult;
import io.mlpipeline.rehearse.Rehearsals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the cases of a pipeline. */
@Command(
    name = "test",
    description = {
      "Runs the cases of a pipeline: rows that are given, and what must come of them.",
      "They are in conf/tests/PIPELINE.conf and conf/tests/PIPELINE/*.conf. No warehouse is"
          + " touched."
    },
    footer = {
      "",
      "Example: mlpipeline test churn --junit target/churn.xml",
      "         mlpipeline test churn --case features_look_back",
      "Exit codes: 0 all passed, 3 some did not, 2 a file of cases is wrong."
    })
final class TestCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "A pipeline file, or its name.")
  @SuppressWarnings("NullAway.Init")
  private String pipeline;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions options = new PipelineOptions();

  @Option(names = "--case", paramLabel = "NAME", description = "This case alone; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--cases",
      paramLabel = "FILE",
      description = "A file of cases, instead of those in conf/tests; may be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--junit", paramLabel = "FILE", description = "Writes JUnit's XML, for CI.")
  private @Nullable Path junit;

  TestCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    options.refuseSelection("say --case NAME: a case runs the steps that it needs");
    PlanningOptions planning = options.planning(pipeline, common, shell);
    List<Path> read = files.isEmpty() ? beside(planning) : files;
    HandOver.ifLight();
    CaseView view = new CaseView(shell, read);
    boolean isQuiet = common.json() || common.quiet;
    Consumer<CaseResult> listener = isQuiet ? result -> {} : view::print;
    try (Driver driver = new Driver(shell, common, 1)) {
      Warehouse warehouse = Warehouse.open(planning.warehouse(), shell.workingDirectory());
      Set<String> names = new LinkedHashSet<>(only);
      List<CaseResult> results =
          driver.beside(
              engine -> new Rehearsals(warehouse, engine).test(planning, read, names, listener));
      if (junit != null) {
        JUnitXml.write(shell.workingDirectory().resolve(junit), view.suite(planning), results);
      }
      if (common.json()) {
        view.json(results);
      } else {
        view.sum(results);
      }
      return results.stream().allMatch(CaseResult::isPassed)
          ? ExitCode.DONE
          : ErrorCategory.STEP.exitCode();
    }
  }

  private List<Path> beside(PlanningOptions planning) {
    List<Path> found = CaseFile.beside(planning.pipelineFile(), planning.workingDirectory());
    if (found.isEmpty()) {
      throw EngineException.misused(
          pipeline + " has no cases",
          "write conf/tests/NAME.conf (docs/testing.md), or --cases FILE");
    }
    return found;
  }
}
