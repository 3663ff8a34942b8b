package io.mlpipeline.rehearse;

import io.mlpipeline.Planning;
import io.mlpipeline.PlanningOptions;
import io.mlpipeline.Wiring;
import io.mlpipeline.config.CaseFile;
import io.mlpipeline.model.CaseSpec;
import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.Backend;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.run.Runner;
import io.mlpipeline.spark.GivenRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Runs the cases of a pipeline one after the other, each in a warehouse that is thrown away. */
final class CaseRuns {

  private final Rehearsals.Scratch scratch;
  private final PlanningOptions options;
  private final Map<Map<String, String>, Planning> plannings = new HashMap<>();
  private final Map<Map<String, String>, SortedMap<String, String>> schemas = new HashMap<>();

  CaseRuns(Rehearsals.Scratch scratch, PlanningOptions options) {
    this.scratch = scratch;
    this.options = options;
  }

  /**
   * Reads files of cases.
   *
   * @param only names of cases; all if it is empty
   * @throws InvalidConfigException with everything that is wrong with them
   */
  static List<CaseSpec> load(List<Path> files, Path workingDirectory, Set<String> only) {
    List<Problem> problems = new ArrayList<>();
    Map<String, CaseSpec> all = new LinkedHashMap<>();
    for (Path file : files) {
      CaseFile.LoadedCases loaded = CaseFile.load(file, workingDirectory);
      problems.addAll(loaded.problems());
      for (CaseSpec one : loaded.cases()) {
        CaseSpec earlier = all.putIfAbsent(one.name(), one);
        if (earlier != null) {
          problems.add(
              new Problem(
                  one.at(),
                  "case " + one.name() + " is in " + earlier.at() + " too",
                  "rename one"));
        }
      }
    }
    for (String name : only) {
      if (!all.containsKey(name)) {
        problems.add(
            new Problem(
                new SourceLocation("--case", 0),
                "there is no case " + name,
                Suggestions.didYouMean(name, all.keySet())));
      }
    }
    if (!problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
    return all.values().stream()
        .filter(one -> only.isEmpty() || only.contains(one.name()))
        .toList();
  }

  /**
   * Prepares all cases, then runs them.
   *
   * @param listener is told of each as it ends
   * @throws InvalidConfigException with everything that is wrong with any of them; none has run
   */
  List<CaseResult> run(List<CaseSpec> cases, Consumer<CaseResult> listener) {
    List<Problem> problems = new ArrayList<>();
    List<CaseSetup.Ready> ready = new ArrayList<>();
    for (CaseSpec one : cases) {
      try {
        setup(one).prepare(problems).ifPresent(ready::add);
      } catch (InvalidConfigException e) {
        e.problems().stream().filter(p -> !problems.contains(p)).forEach(problems::add);
      }
    }
    if (!problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
    List<CaseResult> results = new ArrayList<>();
    for (CaseSetup.Ready one : ready) {
      CaseResult result = run(one);
      scratch.going().check();
      results.add(result);
      listener.accept(result);
    }
    return results;
  }

  private CaseSetup setup(CaseSpec one) {
    Planning planning = plannings.computeIfAbsent(one.settings(), this::planning);
    return new CaseSetup(
        one,
        planning,
        scratch.newSession(),
        () ->
            schemas.computeIfAbsent(
                one.settings(),
                s -> new EmptyRun(scratch, planning).run(RunRequest.ALL).schemas()));
  }

  private Planning planning(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(options.settings());
    all.putAll(settings);
    return Planning.open(
        new PlanningOptions(
            options.pipelineFile(),
            options.workingDirectory(),
            options.environment(),
            all,
            scratch.warehouse().uri(),
            options.jars(),
            options.environmentVariables(),
            PlanningOptions.Verification.QUICK,
            options.clock()));
  }

  private CaseResult run(CaseSetup.Ready ready) {
    CaseSpec one = ready.one();
    long started = System.nanoTime();
    Rehearsals.Scratch own = scratch.within("case-" + one.name().replaceAll("[^A-Za-z0-9_-]", "_"));
    List<String> differences;
    try {
      RunReport report = report(ready, own);
      differences =
          new CaseJudge(one, ready.planning().spec(), report, own.warehouse(), own.newSession())
              .differences();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          ErrorType.CANCELLED, "stopped while case " + one.name() + " ran", e);
    } catch (EngineException e) {
      differences = List.of(String.valueOf(e.getMessage()));
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new CaseResult(one.name(), one.description(), one.at().toString(), seconds, differences);
  }

  private RunReport report(CaseSetup.Ready ready, Rehearsals.Scratch own)
      throws InterruptedException {
    Map<String, PinnedSource> pins = new HashMap<>(ready.pins());
    List<InputSpec> inputs = new ArrayList<>();
    for (InputSpec input : ready.spec().inputs()) {
      WrittenTable written = ready.files().get(input.name());
      InputSpec placed = written == null ? input : placed(input, written, own);
      inputs.add(placed);
      if (written != null) {
        Wiring.pins(own.warehouse(), PlanningOptions.Verification.QUICK, options.clock())
            .pin(placed)
            .ifPresent(pin -> pins.put(input.name(), pin));
      }
    }
    PipelineSpec spec = ready.spec().withInputs(inputs);
    Planning planning = ready.planning().as(own.warehouse(), spec, pins, null);
    Backend backend = own.backend(GivenRows.of(ready.tables()), options.clock(), ready.planning());
    Runner runner =
        new Runner(
            backend,
            Wiring.context(
                planning, Wiring.newRun(planning), new TreeMap<>(), new RunListener() {}),
            new RunOptions(2, RunOptions.OnFailure.KEEP_GOING),
            planning.resolver(RunRequest.ALL));
    own.going().begins(runner);
    return runner.run(planning.plan(RunRequest.ALL));
  }

  private static InputSpec placed(InputSpec input, WrittenTable written, Rehearsals.Scratch own) {
    String file = own.warehouse().uri() + "/_ml/given/" + input.name() + "." + input.format();
    own.write(file, CaseTexts.of(input, written));
    return input.at(file);
  }
}
