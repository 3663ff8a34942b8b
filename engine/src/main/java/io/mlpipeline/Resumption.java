package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.RunStatus;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepStatus;
import io.mlpipeline.plan.Decision;
import io.mlpipeline.plan.RunPlan;
import io.mlpipeline.plan.StepDecision;
import io.mlpipeline.port.RunListener;
import io.mlpipeline.run.Leases;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run that did not come to its end, ready to be continued: from the inputs that it had pinned,
 * its configuration and its params, with the code of now. What it made is kept. It ends where it
 * would have ended.
 */
public final class Resumption {

  /** How many runs back it is looked whether one published what continuing would take back. */
  private static final int RUNS_BACK = 1_000;

  private final LineageEvent run;
  private final Planning planning;
  private final RunRequest request;
  private final RunPlan plan;
  private final List<CodeDrift> drift;

  private Resumption(LineageEvent run, Planning planning, RunRequest request) {
    this.run = run;
    this.planning = planning;
    this.request = request;
    this.plan = planning.plan(request).plan();
    this.drift = CodeDrift.between(run.facts().getOrDefault(CodeDrift.FACT, ""), planning.code());
  }

  /**
   * Looks what is left of a run.
   *
   * @param environment the environment variables, for what {@code env {}} names
   * @param listener told where that takes its time
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run, or nothing of it to
   *     continue; {@code LEASE_HELD} if it still runs; {@code INPUT_GONE} if something that it had
   *     pinned and that is still to be read is gone or another now
   */
  public static Resumption of(
      Warehouse warehouse, String id, Map<String, String> environment, RunListener listener)
      throws InterruptedException {
    List<LineageEvent> events = LiveRuns.of(warehouse).run(id, listener);
    LineageEvent run =
        LiveRuns.last(events)
            .orElseThrow(
                () ->
                    EngineException.misused(
                        "there is no run " + id, "mlpipeline runs list names them"));
    refuse(warehouse, run);
    String seal = Recipes.seal(id, events);
    Recipe recipe = Recipes.load(warehouse, id, seal);
    refuseLater(warehouse, run, seal);
    Planning planning = reopen(warehouse, run, seal, recipe, environment);
    Set<String> steps =
        planning.spec().steps().stream().map(StepSpec::name).collect(Collectors.toSet());
    RunRequest rest = AskedSteps.rest(facts(events), steps, made(events));
    Resumption resumption = new Resumption(run, planning, rest);
    resumption.requirePinned();
    return resumption;
  }

  private static void refuse(Warehouse warehouse, LineageEvent run) {
    if (run.status().equals(RunStatus.SUCCEEDED.word())) {
      throw EngineException.misused(
          "run " + run.runId() + " succeeded: there is nothing to resume",
          "mlpipeline run " + run.pipeline() + " computes what has changed since");
    }
    if (LiveRuns.isAbandoned(run)) {
      throw EngineException.misused(
          "run " + run.runId() + " was " + run.reason(),
          "mlpipeline run " + run.pipeline() + " starts from the inputs of now");
    }
    if (run.facts().containsKey(RunFacts.SAMPLE)) {
      throw EngineException.misused(
          "run " + run.runId() + " was on a sample, which is not resumed",
          "run it again with --sample: the same rows are chosen, and what was made is reused");
    }
    boolean ended = !run.status().equals("running");
    if (!ended) {
      throw Leases.held(warehouse.leases().look(run.pipeline()), InstantSource.system().instant());
    }
  }

  /** Continuing must not take back what a later run made of newer inputs. */
  private static void refuseLater(Warehouse warehouse, LineageEvent run, String seal) {
    for (LineageEvent later : warehouse.ledger().runs(run.pipeline(), RUNS_BACK)) {
      boolean isLater = later.runId().compareTo(run.runId()) > 0;
      if (isLater && !seal.equals(later.facts().get(Recipe.FACT))) {
        List<LineageEvent> events = warehouse.ledger().run(later.runId());
        if (!seal.equals(facts(events).get(Recipe.FACT)) && !made(events).isEmpty()) {
          throw EngineException.misused(
              "run "
                  + later.runId()
                  + " has published since, from other inputs or another configuration: run "
                  + run.runId()
                  + " would take that back",
              "mlpipeline run " + run.pipeline() + " starts from the inputs of now");
        }
      }
    }
  }

  /** What the events of a run say of the run itself, all together. */
  private static Map<String, String> facts(List<LineageEvent> events) {
    Map<String, String> facts = new HashMap<>();
    events.stream()
        .filter(event -> event.kind() == LineageEvent.Kind.RUN)
        .forEach(event -> facts.putAll(event.facts()));
    return facts;
  }

  /** The steps that a run itself computed and published. */
  private static Set<String> made(List<LineageEvent> events) {
    return events.stream()
        .filter(event -> event.kind() == LineageEvent.Kind.ATTEMPT)
        .filter(
            event ->
                event.status().equals(StepStatus.SUCCEEDED.word())
                    || event.status().equals(StepStatus.UNCHANGED.word()))
        .map(event -> Objects.requireNonNull(event.step()))
        .collect(Collectors.toSet());
  }

  private static Planning reopen(
      Warehouse warehouse,
      LineageEvent run,
      String seal,
      Recipe recipe,
      Map<String, String> environment) {
    String asOf =
        run.facts()
            .getOrDefault(
                Resumed.AS_OF, new RunId(run.runId()).start().toString().substring(0, 10));
    Map<String, PinnedSource> sources = new LinkedHashMap<>();
    recipe.sources().forEach(source -> sources.put(source.dataset(), source));
    Path config = ScratchFiles.local();
    try {
      return Planning.reopen(
          Recipes.options(recipe, Recipes.unfold(recipe, config), asOf, warehouse, environment),
          Recipes.options(recipe, Path.of(recipe.pipelineFile()), asOf, warehouse, environment),
          new Resumed(run.runId(), seal, asOf, sources));
    } finally {
      ScratchFiles.remove(config);
    }
  }

  /** What is still to be read must be what was pinned. */
  private void requirePinned() {
    Map<String, PinnedSource> sources = planning.resumed().map(Resumed::sources).orElse(Map.of());
    RecordedPins pins =
        new RecordedPins(
            planning.warehouse(), List.copyOf(sources.values()), planning.options().verification());
    plan.decisions().stream()
        .filter(decision -> runs(decision.decision()))
        .flatMap(decision -> decision.step().inputs().values().stream())
        .distinct()
        .map(sources::get)
        .filter(Objects::nonNull)
        .forEach(pins::require);
    if (!pins.gone().isEmpty()) {
      throw new EngineException(
          ErrorType.INPUT_GONE,
          "run "
              + run.runId()
              + " cannot be resumed, for what it had pinned and not read yet is not there: "
              + String.join("; ", pins.gone()));
    }
  }

  private static boolean runs(Decision decision) {
    return decision != Decision.REUSE && decision != Decision.SKIP;
  }

  /** How the run ended that is continued. */
  public LineageEvent run() {
    return run;
  }

  /** The pipeline of then, pinned to the inputs of then; for {@link Engine#run}. */
  public Planning planning() {
    return planning;
  }

  /** What was asked of that run and is not done. */
  public RunRequest request() {
    return request;
  }

  /** What is kept of each step, and what runs again. */
  public RunPlan plan() {
    return plan;
  }

  /** The steps whose code is another now than when the run began. */
  public List<CodeDrift> drift() {
    return drift;
  }

  /** Whether a step is kept. */
  public static boolean isKept(StepDecision decision) {
    return decision.decision() == Decision.REUSE;
  }

  /** The run whose result of a step is kept. */
  public static Optional<String> keptOf(StepDecision decision) {
    return Optional.ofNullable(decision.entry()).map(entry -> entry.run());
  }
}
