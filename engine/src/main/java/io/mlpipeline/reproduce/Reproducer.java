package io.mlpipeline.reproduce;

import io.mlpipeline.Engine;
import io.mlpipeline.GateTrials;
import io.mlpipeline.Going;
import io.mlpipeline.Planning;
import io.mlpipeline.Recipes;
import io.mlpipeline.RecordedPins;
import io.mlpipeline.ScratchFiles;
import io.mlpipeline.StepJars;
import io.mlpipeline.Warehouse;
import io.mlpipeline.Wiring;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.plan.IngredientChange;
import io.mlpipeline.plan.IngredientDrift;
import io.mlpipeline.plan.Reproduced;
import io.mlpipeline.port.Audited;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.run.Backend;
import io.mlpipeline.run.Remaker;
import io.mlpipeline.spark.SparkFailures;
import io.mlpipeline.spark.SparkSessions;
import io.mlpipeline.spark.SparkTriage;
import io.mlpipeline.spark.TableLikeness;
import io.mlpipeline.spark.table.TableReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs again what ran before: with the configuration of then, the classes of now, and every step
 * from exactly what it read. Nothing is published or recorded; what is written goes below {@code
 * _ml/reproduce/<id>}, which no table, model or run knows of.
 */
public final class Reproducer {

  private final Warehouse warehouse;
  private final Engine engine;
  private final Map<String, String> environment;
  private final Map<String, String> settings;

  /**
   * What reproduces runs of a warehouse; good until the engine closes.
   *
   * @param environment what a configuration may refer to, as {@code ${?NAME}}
   */
  public Reproducer(Warehouse warehouse, Engine engine, Map<String, String> environment) {
    this(warehouse, engine, environment, Map.of());
  }

  private Reproducer(
      Warehouse warehouse,
      Engine engine,
      Map<String, String> environment,
      Map<String, String> settings) {
    this.warehouse = warehouse;
    this.engine = engine;
    this.environment = environment;
    this.settings = Map.copyOf(settings);
  }

  /** What becomes of the scratch place. */
  public enum Scratch {
    REMOVED,
    KEPT
  }

  /** Whether anything is left of a run, be it on the card of a version that it registered. */
  public static boolean isKnown(Warehouse warehouse, String run) {
    return new RunRecipes(warehouse, Map.of()).isKnown(run);
  }

  /** The same, for what no recipe kept: what {@code --set} said then. */
  public Reproducer saying(Map<String, String> said) {
    return new Reproducer(warehouse, engine, environment, said);
  }

  /**
   * Runs a run again.
   *
   * @param only this step alone; null for all that the run computed or reused
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run or step, or if it kept
   *     no recipe
   */
  public Reproduction run(String run, @Nullable String only, Scratch scratch) {
    return again(new RunRecipes(warehouse, settings).of(run), only, scratch);
  }

  /**
   * Runs the steps again that led to a version of a registered model, as its card says; neither
   * receipts nor lineage are needed.
   *
   * @param only this step alone; null for all on the card
   * @throws EngineException {@code CONFIG_INVALID} if there is no such step
   */
  public Reproduction version(ModelCard card, @Nullable String only, Scratch scratch) {
    return again(new RunRecipes(warehouse, settings).of(card), only, scratch);
  }

  private Reproduction again(RecordedRun recorded, @Nullable String only, Scratch scratch) {
    Map<String, LineageEvent> steps = recorded.steps();
    String run = recorded.run();
    if (only != null && !steps.containsKey(only)) {
      throw EngineException.misused(
          "run " + run + " made nothing in a step " + only,
          "it did in " + String.join(", ", steps.keySet()));
    }
    return inScratch(
        run,
        scratch,
        (place, sessions, going) -> {
          Remaking work = open(recorded, place, sessions, going);
          return new Reproduction(
              run,
              work.planning().spec().name(),
              recorded.card(),
              all(work, only, going),
              scratch == Scratch.KEPT ? Optional.of(place.directory()) : Optional.empty());
        });
  }

  private List<Reproduced> all(Remaking work, @Nullable String only, Going going) {
    Map<String, LineageEvent> left = new LinkedHashMap<>(work.recorded().steps());
    left.keySet().removeIf(step -> only != null && !only.equals(step));
    List<Reproduced> all = new ArrayList<>();
    for (StepSpec step : work.planning().spec().steps()) {
      LineageEvent event = left.remove(step.name());
      if (event != null) {
        all.add(again(work, step, event));
        going.check();
      }
    }
    left.keySet().forEach(step -> all.add(unknown(step)));
    return all;
  }

  /** What is on record and not made again must not count as if it were. */
  private static Reproduced unknown(String step) {
    String text = "the pipeline file of then has no step " + step;
    return Reproduced.impossible(step, List.of(text), List.of());
  }

  /**
   * Runs a step of a run twice from the same pins and compares what comes out.
   *
   * @param run a run, or the name of a pipeline: its newest run that made something in that step
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run or step, {@code
   *     INPUT_GONE} if something that it read is gone
   */
  public DeterminismAudit audit(String run, String step) {
    String of = runOf(run, step);
    RecordedRun recorded = new RunRecipes(warehouse, settings).of(of);
    LineageEvent event = Objects.requireNonNull(recorded.steps().get(step));
    return inScratch(
        of,
        Scratch.REMOVED,
        (place, sessions, going) -> twice(open(recorded, place, sessions, going), of, event));
  }

  private String runOf(String run, String step) {
    List<String> candidates =
        warehouse.ledger().run(run).isEmpty()
            ? warehouse.ledger().runs(run, Integer.MAX_VALUE).stream()
                .map(LineageEvent::runId)
                .toList()
            : List.of(run);
    return candidates.stream()
        .filter(one -> RecordedRun.steps(warehouse.ledger().run(one)).containsKey(step))
        .findFirst()
        .orElseThrow(
            () ->
                EngineException.misused(
                    "no run of " + run + " made anything in a step " + step,
                    "mlpipeline runs list names runs, runs show RUN their steps"));
  }

  private DeterminismAudit twice(Remaking work, String run, LineageEvent event) {
    StepSpec step =
        work.planning().spec().steps().stream()
            .filter(one -> one.name().equals(event.step()))
            .findFirst()
            .orElseThrow();
    RecordedPins pins = new RecordedPins(warehouse, work.recorded().recipe().sources());
    List<PinnedInput> read = pins.of(event).stream().filter(input -> !input.isOfGate()).toList();
    RecordedParts parts = RecordedParts.of(warehouse, step, event, read, work.externals());
    List<String> gone = Stream.concat(pins.gone().stream(), parts.gone().stream()).toList();
    if (!gone.isEmpty()) {
      throw new EngineException(
          ErrorType.INPUT_GONE, "step " + step.name() + ": " + String.join("; ", gone));
    }
    StepCode code = Objects.requireNonNull(work.planning().code().get(step.name()));
    Remaker.Original then =
        work.original(RecordedAttempt.of(warehouse, step, event), parts, warehouse.uri());
    Remaker.Remade one = make(work, step, code, read, then, 1);
    Remaker.Remade two = make(work, step, code, read, then, 2);
    List<DeterminismAudit.Output> outputs = new ArrayList<>();
    for (int i = 0; i < one.tables().size(); i++) {
      outputs.add(audited(work, step, one.tables().get(i), two.tables().get(i)));
    }
    for (int i = 0; i < one.models().size(); i++) {
      StagedModel first = one.models().get(i);
      String second = two.models().get(i).digest();
      outputs.add(
          new DeterminismAudit.Output(first.name(), first.digest(), second, List.of(), 0, ""));
    }
    return new DeterminismAudit(run, step.name(), outputs);
  }

  private static Remaker.Remade make(
      Remaking work,
      StepSpec step,
      StepCode code,
      List<PinnedInput> inputs,
      Remaker.Original then,
      int attempt) {
    try {
      return work.remaker().make(step, code, inputs, then, attempt);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new EngineException(ErrorType.STEP_FAILED, "step " + step.name() + ": " + e, e);
    }
  }

  private static DeterminismAudit.Output audited(
      Remaking work, StepSpec step, Audited first, Audited second) {
    String name = first.table().name();
    String one = first.version(0).identity();
    String two = second.version(0).identity();
    if (one.equals(two)) {
      return new DeterminismAudit.Output(name, one, two, List.of(), 0, "");
    }
    List<String> keys = step.output(first.table().port()).map(OutputSpec::keys).orElse(List.of());
    TableLikeness.Difference difference =
        TableLikeness.between(
            TableReader.read(work.spark(), work.scratchUri(), first.table()),
            TableReader.read(work.spark(), work.scratchUri(), second.table()),
            keys);
    return new DeterminismAudit.Output(
        name, one, two, difference.columns(), difference.rows(), difference.example());
  }

  /** What is done in a scratch place. */
  private interface Scratched<T> {
    T in(Place place, SparkSessions sessions, Going going);
  }

  /** Where something is made again, and under which id. */
  private record Place(RunId id, String directory) {}

  private <T> T inScratch(String run, Scratch scratch, Scratched<T> work) {
    RunId id = Wiring.newRun(new RunId(run).start());
    String directory = warehouse.uri() + "/_ml/reproduce/" + id;
    try {
      return engine.stoppable(going -> in(new Place(id, directory), work, going));
    } finally {
      if (scratch == Scratch.REMOVED) {
        ScratchFiles.remove(warehouse, directory);
      }
    }
  }

  private <T> T in(Place place, Scratched<T> work, Going going) {
    SparkSessions sessions = engine.sessions(warehouse, going);
    return GateTrials.told(() -> going.aside(() -> work.in(place, sessions, going)));
  }

  private Remaking open(RecordedRun recorded, Place place, SparkSessions spark, Going going) {
    String asOf = new RunId(recorded.run()).start().toString().substring(0, "2024-01-01".length());
    Path config = ScratchFiles.local();
    try {
      Planning planning = planning(recorded, config, asOf);
      spark.addJars(planning.jars());
      Backend backend =
          Wiring.backend(
              warehouse,
              InstantSource.system(),
              () -> spark.writingTo(place.directory()),
              new SparkTriage(),
              StepJars.loader(planning.jars()));
      Remaker remaker = new Remaker(backend, planning.spec(), place.id());
      going.begins(remaker);
      Map<String, ReuseEntry> entries =
          recorded.steps().values().stream()
              .map(RecordedAttempt::entry)
              .collect(Collectors.toMap(ReuseEntry::step, entry -> entry));
      return new Remaking(
          planning, recorded, entries, remaker, place.directory(), spark.newSession());
    } finally {
      ScratchFiles.remove(config);
    }
  }

  private Planning planning(RecordedRun recorded, Path config, String asOf) {
    Recipe recipe = recorded.recipe();
    Path file = Recipes.unfold(recipe, config);
    try {
      return Planning.open(Recipes.options(recipe, file, asOf, warehouse, environment));
    } catch (InvalidConfigException e) {
      if (recorded.card() == null) {
        throw e;
      }
      List<Problem> problems = new ArrayList<>(e.problems());
      problems.add(
          new Problem(
              SourceLocation.UNKNOWN,
              "the card of " + recorded.card() + " does not hold what --set said then",
              "say it again, such as --set data=DIR"));
      throw EngineException.invalid(problems);
    }
  }

  private Reproduced again(Remaking work, StepSpec step, LineageEvent event) {
    RecordedPins pins = new RecordedPins(warehouse, work.recorded().recipe().sources());
    List<PinnedInput> inputs = pins.of(event);
    List<PinnedInput> read = inputs.stream().filter(input -> !input.isOfGate()).toList();
    StepCode code = Objects.requireNonNull(work.planning().code().get(step.name()));
    List<IngredientChange> drift = drift(work, step, code, read, event);
    List<String> gone = new ArrayList<>(pins.gone());
    RecordedAttempt then = RecordedAttempt.of(warehouse, step, event);
    gone.addAll(then.gone());
    RecordedParts parts = RecordedParts.of(warehouse, step, event, read, work.externals());
    gone.addAll(parts.gone());
    if (!gone.isEmpty()) {
      return Reproduced.impossible(step.name(), gone, drift);
    }
    Remaker.Remade made;
    try {
      made = work.remaker().make(step, code, read, work.original(then, parts, warehouse.uri()), 1);
    } catch (Exception e) {
      EngineException known = SparkFailures.classify(e).orElse(null);
      String message = known == null ? e.toString() : known.getMessage();
      return Reproduced.impossible(step.name(), List.of("it fails now: " + message), drift);
    }
    RemadeOutputs outputs = new RemadeOutputs(warehouse.tables(), work, event, parts);
    return Reproduced.judge(step.name(), promise(step, code), drift, outputs.compare(made))
        .noting(parts.notes());
  }

  /** A step's class may say that it gives other results each time, and SQL by a param. */
  private static Reproduced.Promise promise(StepSpec step, StepCode code) {
    boolean said = "true".equals(String.valueOf(step.params().find("non-deterministic")));
    return code.deterministic() && !said
        ? Reproduced.Promise.DETERMINISTIC
        : Reproduced.Promise.MAY_DIFFER;
  }

  private static List<IngredientChange> drift(
      Remaking work, StepSpec step, StepCode code, List<PinnedInput> read, LineageEvent event) {
    Fingerprint then =
        new Fingerprint(Objects.requireNonNull(event.fingerprint()), event.ingredients());
    return IngredientDrift.of(then, step, code, read, work.externals());
  }
}
