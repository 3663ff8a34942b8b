package io.mlpipeline;

import io.mlpipeline.code.CodeBase;
import io.mlpipeline.config.LoadRequest;
import io.mlpipeline.config.LoadedPipeline;
import io.mlpipeline.config.PipelineLoader;
import io.mlpipeline.config.StepTypes;
import io.mlpipeline.delta.FileSourcePins;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.RunReport;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.Sampling;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.plan.GraphCheck;
import io.mlpipeline.plan.History;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.PlanResolver;
import io.mlpipeline.run.RunOptions;
import io.mlpipeline.run.Runner;
import io.mlpipeline.run.Waiting;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline that was read and checked, and can be planned: everything up to the point where Spark
 * is needed. No Spark type is in any signature, and none is loaded.
 */
public final class Planning {

  private final PlanningOptions options;
  private final Warehouse warehouse;
  private final PipelineSpec spec;
  private final Map<String, StepCode> code;
  private final SortedMap<String, String> config;
  private final List<String> jars;
  private final @Nullable Resumed resumed;
  private final Map<String, StepTypeInfo> types;
  private final @Nullable Sampled sampled;

  /** What a pipeline reads that runs on other rows than those that are published. */
  private record Sampled(Map<String, PinnedSource> pins, @Nullable Sampling sampling) {}

  private Planning(Planning other, Warehouse warehouse, PipelineSpec spec, Sampled sampled) {
    this.options = other.options;
    this.warehouse = warehouse;
    this.spec = spec;
    this.config = other.config;
    this.code = other.code;
    this.jars = other.jars;
    this.types = other.types;
    this.sampled = sampled;
    this.resumed = other.resumed;
  }

  private Planning(
      PlanningOptions options,
      @Nullable Resumed resumed,
      Warehouse warehouse,
      PipelineSpec spec,
      SortedMap<String, String> config,
      StepCatalog catalog) {
    this.options = options;
    this.resumed = resumed;
    this.warehouse = warehouse;
    this.spec = spec;
    this.config = config;
    this.types = catalog.types(spec);
    this.code = catalog.code(spec, types);
    this.jars = catalog.jars();
    this.sampled = null;
  }

  /**
   * Reads the pipeline.
   *
   * @throws io.mlpipeline.model.InvalidConfigException with everything that is wrong with it
   */
  public static Planning open(PlanningOptions options) {
    return open(options, options, null);
  }

  /**
   * Reads a pipeline as an earlier run read it, to be planned from what that one had pinned.
   *
   * @param where where the configuration of then lies now
   * @param then what was said of the pipeline then
   */
  static Planning reopen(PlanningOptions where, PlanningOptions then, Resumed resumed) {
    return open(where, then, resumed);
  }

  private static Planning open(
      PlanningOptions options, PlanningOptions said, @Nullable Resumed resumed) {
    Warehouse warehouse = Warehouse.open(options.warehouse(), options.workingDirectory());
    SampleMarkers.refuse(warehouse);
    StepCatalog catalog = new StepCatalog(options, warehouse);
    LoadedPipeline loaded = PipelineLoader.load(request(options, warehouse, catalog));
    List<Problem> problems = new ArrayList<>(loaded.problems());
    PipelineSpec spec = loaded.spec();
    if (spec != null) {
      problems.addAll(GraphCheck.problems(spec, RunRequest.ALL));
    }
    if (spec == null || !problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
    return new Planning(said, resumed, warehouse, spec, loaded.texts(), catalog);
  }

  private static LoadRequest request(
      PlanningOptions options, Warehouse warehouse, StepCatalog catalog) {
    return new LoadRequest(
        options.pipelineFile(),
        options.workingDirectory(),
        options.environment(),
        options.settings(),
        warehouse.uri(),
        options.environmentVariables(),
        LocalDate.ofInstant(options.clock().instant(), ZoneOffset.UTC),
        catalog::open);
  }

  /**
   * Steps of this pipeline in another warehouse, with inputs that are pinned already.
   *
   * @param sampling which rows are read; null for all
   */
  public Planning as(
      Warehouse other,
      PipelineSpec rewritten,
      Map<String, PinnedSource> pins,
      @Nullable Sampling sampling) {
    return new Planning(this, other, rewritten, new Sampled(Map.copyOf(pins), sampling));
  }

  /** What the bytecode of a step says of it. */
  public StepTypeInfo type(StepSpec step) {
    return Objects.requireNonNull(types.get(step.name()));
  }

  /** Which rows are read; null if all. */
  @Nullable Sampling sampling() {
    return sampled == null ? null : sampled.sampling();
  }

  /** Resolves every external input once, reads what is known, and decides. */
  public PlanResolver.Resolved plan(RunRequest request) {
    List<Problem> problems = GraphCheck.problems(spec, request);
    if (!problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
    LastState last = warehouse.reuse().loadLast(spec.name());
    History known = new History(pinned(), last, Map.of(), Map.of(), Map.of(), Map.of());
    return resolver(request).resolve(known);
  }

  /** Asks the planner again as steps of a run end. */
  public PlanResolver resolver(RunRequest request) {
    return new PlanResolver(
        spec,
        request,
        code,
        warehouse.tables(),
        warehouse.models(),
        warehouse.reuse(),
        warehouse.registry());
  }

  /**
   * Waits until no other run of this pipeline goes on in this warehouse; returns at once if none
   * does.
   *
   * @throws EngineException {@code LEASE_HELD} if one does and does not end within that time
   */
  public void awaitTurn(Waiting waiting, RunListener listener) throws InterruptedException {
    Wiring.leases(warehouse, options.clock(), pause -> Thread.sleep(pause.toMillis()))
        .awaitFree(spec.name(), waiting, listener);
  }

  /** Runs a plan in which nothing is to be computed; empty if there is something to compute. */
  public Optional<RunReport> runIfNothingToDo(RunRequest request, RunListener listener)
      throws InterruptedException {
    PlanResolver.Resolved resolved = plan(request);
    if (!resolved.plan().nothingToDo()) {
      return Optional.empty();
    }
    SortedMap<String, String> facts = RunFacts.light(options);
    facts.putAll(RunFacts.ofPlan(this, request, resolved));
    Runner runner =
        new Runner(
            Wiring.withoutSpark(warehouse, options.clock()),
            Wiring.context(this, Wiring.newRun(this), facts, listener),
            new RunOptions(1, RunOptions.OnFailure.STOP),
            resolver(request));
    return Optional.of(runner.run(resolved));
  }

  public PipelineSpec spec() {
    return spec;
  }

  public Warehouse warehouse() {
    return warehouse;
  }

  /** The name of this machine as lineage says it. */
  public static String host() {
    return RunFacts.host();
  }

  /** Who works here, as lineage says it. */
  public static String user() {
    return RunFacts.user();
  }

  public PlanningOptions options() {
    return options;
  }

  public Map<String, StepCode> code() {
    return code;
  }

  /** The configuration files as they were read, text by path. */
  SortedMap<String, String> config() {
    return config;
  }

  /** The pipeline's jars and those of the options, absolute. */
  public List<String> jars() {
    return jars;
  }

  /** The run that is resumed; empty if this is a fresh one. */
  Optional<Resumed> resumed() {
    return Optional.ofNullable(resumed);
  }

  private Map<String, PinnedSource> pinned() {
    return resumed == null ? sources() : resumed.sources();
  }

  public Map<String, PinnedSource> sources() {
    if (sampled != null) {
      return sampled.pins();
    }
    FileSourcePins pins = Wiring.pins(warehouse, options.verification(), options.clock());
    Map<String, PinnedSource> sources = new LinkedHashMap<>();
    for (InputSpec input : spec.inputs()) {
      Optional<PinnedSource> source =
          input.kind() == InputKind.MODEL
              ? ModelPins.pin(warehouse.registry(), input)
              : pins.pin(input);
      source.ifPresent(pinned -> sources.put(input.name(), pinned));
    }
    return sources;
  }

  /** The step types of the class path and of the pipeline's jars. */
  private static final class StepCatalog implements StepTypes {

    private final PlanningOptions options;
    private final Warehouse warehouse;
    private List<String> found = List.of();
    private CodeBase codeBase = CodeBase.scan(List.of(), List.of());

    StepCatalog(PlanningOptions options, Warehouse warehouse) {
      this.options = options;
      this.warehouse = warehouse;
    }

    StepTypes open(List<String> jars) {
      List<String> all = new ArrayList<>(jars);
      options.jars().forEach(jar -> all.add(options.workingDirectory().resolve(jar).toString()));
      found = List.copyOf(all);
      codeBase = StepJars.scan(all, warehouse);
      return this;
    }

    List<String> jars() {
      return found;
    }

    @Override
    public Optional<StepTypeInfo> find(String uses) {
      return codeBase.findType(uses);
    }

    @Override
    public SortedSet<String> names() {
      return new java.util.TreeSet<>(codeBase.stepTypes().keySet());
    }

    Map<String, StepTypeInfo> types(PipelineSpec spec) {
      Map<String, StepTypeInfo> types = new LinkedHashMap<>();
      for (StepSpec step : spec.steps()) {
        types.put(
            step.name(),
            find(step.uses())
                .orElseThrow(
                    () ->
                        new EngineException(
                            ErrorType.STEP_CLASS_INVALID, step.at() + ": no step " + step.uses())));
      }
      return types;
    }

    Map<String, StepCode> code(PipelineSpec spec, Map<String, StepTypeInfo> types) {
      Map<String, StepCode> code = new LinkedHashMap<>();
      for (StepSpec step : spec.steps()) {
        StepTypeInfo type = Objects.requireNonNull(types.get(step.name()));
        code.put(step.name(), codeBase.code(type, step.params()));
      }
      return code;
    }
  }
}
