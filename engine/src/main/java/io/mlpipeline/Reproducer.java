package io.mlpipeline;

import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.Likeness;
import io.mlpipeline.model.LineageEvent;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Recipe;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.plan.IngredientChange;
import io.mlpipeline.plan.IngredientDrift;
import io.mlpipeline.plan.Reproduced;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.TableLog;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Runs again what ran before: with the configuration of then, the classes of now, and every step
 * from exactly what it read. Nothing is published or recorded; what is written goes below {@code
 * _ml/reproduce/<id>}, which no table, model or run knows of.
 */
public final class Reproducer {

  private final Warehouse warehouse;
  private final Supplier<SparkSessions> sessions;
  private final Map<String, String> environment;

  Reproducer(
      Warehouse warehouse, Supplier<SparkSessions> sessions, Map<String, String> environment) {
    this.warehouse = warehouse;
    this.sessions = sessions;
    this.environment = environment;
  }

  /** What becomes of the scratch place. */
  public enum Scratch {
    REMOVED,
    KEPT
  }

  /** Everything that one reproduction needs. */
  private record Work(
      Planning planning,
      Recipe recipe,
      Map<String, ReuseEntry> entries,
      Remaker remaker,
      String scratchUri,
      SparkSession spark) {}

  /**
   * Runs a run again.
   *
   * @param only this step alone; null for all that the run computed or reused
   * @throws EngineException {@code CONFIG_INVALID} if there is no such run or step, or if it kept
   *     no recipe
   */
  public Reproduction run(String run, @Nullable String only, Scratch scratch) {
    List<LineageEvent> events = warehouse.ledger().run(run);
    Map<String, LineageEvent> steps = steps(events);
    if (only != null && !steps.containsKey(only)) {
      throw EngineException.misused(
          "run " + run + " made nothing in a step " + only,
          "it did in " + String.join(", ", steps.keySet()));
    }
    Recipe recipe = RunRecipes.of(warehouse, run, events);
    return inScratch(
        run,
        scratch,
        (id, directory) -> {
          Work work = open(run, id, recipe, directory, steps.values());
          List<Reproduced> all = new ArrayList<>();
          for (StepSpec step : work.planning().spec().steps()) {
            LineageEvent event = steps.get(step.name());
            if (event != null && (only == null || only.equals(step.name()))) {
              all.add(again(work, step, event));
            }
          }
          return new Reproduction(
              run,
              work.planning().spec().name(),
              Reproduced.whole(all),
              all,
              scratch == Scratch.KEPT ? Optional.of(directory) : Optional.empty());
        });
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
    List<LineageEvent> events = warehouse.ledger().run(of);
    LineageEvent event = Objects.requireNonNull(steps(events).get(step));
    Recipe recipe = RunRecipes.of(warehouse, of, events);
    return inScratch(
        of,
        Scratch.REMOVED,
        (id, directory) ->
            twice(open(of, id, recipe, directory, steps(events).values()), of, event));
  }

  private String runOf(String run, String step) {
    List<String> candidates =
        warehouse.ledger().run(run).isEmpty()
            ? warehouse.ledger().runs(run, Integer.MAX_VALUE).stream()
                .map(LineageEvent::runId)
                .toList()
            : List.of(run);
    return candidates.stream()
        .filter(one -> steps(warehouse.ledger().run(one)).containsKey(step))
        .findFirst()
        .orElseThrow(
            () ->
                EngineException.misused(
                    "no run of " + run + " made anything in a step " + step,
                    "mlpipeline runs list names runs, runs show RUN their steps"));
  }

  private DeterminismAudit twice(Work work, String run, LineageEvent event) {
    StepSpec step =
        work.planning().spec().steps().stream()
            .filter(one -> one.name().equals(event.step()))
            .findFirst()
            .orElseThrow();
    RecordedPins pins = new RecordedPins(warehouse, work.recipe().sources());
    List<PinnedInput> read = pins.of(event).stream().filter(input -> !input.isOfGate()).toList();
    if (!pins.gone().isEmpty()) {
      throw new EngineException(
          ErrorType.INPUT_GONE, "step " + step.name() + ": " + String.join("; ", pins.gone()));
    }
    StepCode code = Objects.requireNonNull(work.planning().code().get(step.name()));
    Remaker.Original then = original(work, RecordedAttempt.of(warehouse, step, event));
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
      Work work,
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

  private Remaker.Original original(Work work, RecordedAttempt then) {
    Map<String, PinnedSource> sources =
        work.recipe().sources().stream()
            .collect(Collectors.toMap(PinnedSource::dataset, source -> source));
    return new Remaker.Original(then.run(), then.bases(), work.entries(), sources, warehouse.uri());
  }

  private static DeterminismAudit.Output audited(
      Work work, StepSpec step, Audited first, Audited second) {
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

  /** The newest event of every step that has outputs, in the order they were recorded. */
  private static Map<String, LineageEvent> steps(List<LineageEvent> events) {
    Map<String, LineageEvent> steps = new LinkedHashMap<>();
    for (LineageEvent event : events) {
      boolean made =
          event.kind() == LineageEvent.Kind.ATTEMPT || event.kind() == LineageEvent.Kind.REUSE;
      if (made && event.step() != null && !event.outputs().isEmpty()) {
        steps.put(event.step(), event);
      }
    }
    return steps;
  }

  /** What is done in a scratch place. */
  private interface Scratched<T> {
    T in(RunId id, String directory);
  }

  private <T> T inScratch(String run, Scratch scratch, Scratched<T> work) {
    int salt = new SplittableRandom().nextInt() ^ (int) ProcessHandle.current().pid();
    RunId id = RunId.of(new RunId(run).start(), salt);
    String directory = warehouse.uri() + "/_ml/reproduce/" + id;
    try {
      return GateTrials.told(() -> work.in(id, directory));
    } finally {
      if (scratch == Scratch.REMOVED) {
        ScratchFiles.remove(warehouse, directory);
      }
    }
  }

  private Work open(
      String run, RunId id, Recipe recipe, String directory, Collection<LineageEvent> events) {
    String asOf = new RunId(run).start().toString().substring(0, "2024-01-01".length());
    Path config = ScratchFiles.local();
    try {
      Path file = Recipes.unfold(recipe, config);
      Planning planning =
          Planning.open(Recipes.options(recipe, file, asOf, warehouse, environment));
      SparkSessions spark = sessions.get();
      spark.addJars(planning.jars());
      Backend backend =
          Wiring.backend(
              warehouse,
              InstantSource.system(),
              () -> spark.writingTo(directory),
              new SparkTriage(),
              StepJars.loader(planning.jars()));
      Remaker remaker = new Remaker(backend, planning.spec(), id);
      Map<String, ReuseEntry> entries =
          events.stream()
              .map(RecordedAttempt::entry)
              .collect(Collectors.toMap(ReuseEntry::step, entry -> entry));
      return new Work(planning, recipe, entries, remaker, directory, spark.newSession());
    } finally {
      ScratchFiles.remove(config);
    }
  }

  private Reproduced again(Work work, StepSpec step, LineageEvent event) {
    RecordedPins pins = new RecordedPins(warehouse, work.recipe().sources());
    List<PinnedInput> inputs = pins.of(event);
    StepCode code = Objects.requireNonNull(work.planning().code().get(step.name()));
    List<IngredientChange> drift = drift(work, step, code, inputs, event);
    List<String> gone = new ArrayList<>(pins.gone());
    RecordedAttempt then = RecordedAttempt.of(warehouse, step, event);
    gone.addAll(then.gone());
    if (!gone.isEmpty()) {
      return Reproduced.impossible(step.name(), gone, drift);
    }
    List<PinnedInput> read = inputs.stream().filter(input -> !input.isOfGate()).toList();
    Remaker.Remade made;
    try {
      made = work.remaker().make(step, code, read, original(work, then), 1);
    } catch (Exception e) {
      EngineException known = SparkFailures.classify(e).orElse(null);
      String message = known == null ? e.toString() : known.getMessage();
      return Reproduced.impossible(step.name(), List.of("it fails now: " + message), drift);
    }
    return Reproduced.judge(step.name(), promise(step, code), drift, compare(work, event, made));
  }

  /** A step's class may say that it gives other results each time, and SQL by a param. */
  private static Reproduced.Promise promise(StepSpec step, StepCode code) {
    boolean said = "true".equals(String.valueOf(step.params().find("non-deterministic")));
    return code.deterministic() && !said
        ? Reproduced.Promise.DETERMINISTIC
        : Reproduced.Promise.MAY_DIFFER;
  }

  private static List<IngredientChange> drift(
      Work work, StepSpec step, StepCode code, List<PinnedInput> inputs, LineageEvent event) {
    Map<String, InputSpec> externals =
        work.planning().spec().inputs().stream()
            .collect(Collectors.toMap(InputSpec::name, Function.identity()));
    List<PinnedInput> read = inputs.stream().filter(input -> !input.isOfGate()).toList();
    Fingerprint then =
        new Fingerprint(Objects.requireNonNull(event.fingerprint()), event.ingredients());
    return IngredientDrift.of(then, step, code, read, externals);
  }

  private List<Likeness> compare(Work work, LineageEvent event, Remaker.Remade made) {
    List<Likeness> all = new ArrayList<>();
    for (Audited table : made.tables()) {
      OutputVersion now = table.version(0);
      output(event, now.name())
          .ifPresent(
              then ->
                  all.add(
                      then.identity().equals(now.identity())
                          ? Likeness.same(now.name())
                          : table(work, then, table)));
    }
    for (StagedModel model : made.models()) {
      output(event, model.name())
          .ifPresent(then -> all.add(model(then, model.name(), model.digest())));
    }
    made.registered()
        .forEach(
            one ->
                output(event, one.name())
                    .ifPresent(then -> all.add(model(then, one.name(), one.manifest().digest()))));
    return all;
  }

  private Likeness table(Work work, OutputVersion then, Audited now) {
    Optional<TableLog.Snapshot> recorded = warehouse.tables().find(then.uri(), then.version());
    if (recorded.isEmpty()) {
      return new Likeness(
          then.name(),
          Likeness.Degree.OTHER,
          List.of("digest " + then.digest() + " then, " + now.digest() + " now"));
    }
    Dataset<Row> before = TableReader.read(work.spark(), recorded.get());
    Dataset<Row> after = TableReader.read(work.spark(), work.scratchUri(), now.table());
    return TableLikeness.of(then.name(), before, after);
  }

  private static Likeness model(OutputVersion then, String name, String digest) {
    return then.digest().equals(digest)
        ? Likeness.same(name)
        : new Likeness(
            name,
            Likeness.Degree.OTHER,
            List.of("digest " + then.digest() + " then, " + digest + " now"));
  }

  private static Optional<OutputVersion> output(LineageEvent event, String name) {
    return event.outputs().stream().filter(output -> output.name().equals(name)).findFirst();
  }
}
