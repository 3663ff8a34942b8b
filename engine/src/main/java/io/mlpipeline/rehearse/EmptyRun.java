package io.mlpipeline.rehearse;

import io.mlpipeline.Planning;
import io.mlpipeline.Wiring;
import io.mlpipeline.delta.FileSourcePins;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.ErrorType;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.plan.Excerpt;
import io.mlpipeline.plan.GraphCheck;
import io.mlpipeline.port.Audited;
import io.mlpipeline.rehearse.EmptyReport.State;
import io.mlpipeline.rehearse.EmptyReport.StepResult;
import io.mlpipeline.run.Remaker;
import io.mlpipeline.spark.GivenRows;
import io.mlpipeline.spark.SparkFailures;
import io.mlpipeline.spark.gate.GateSyntax;
import io.mlpipeline.spark.table.Schemas;
import io.mlpipeline.step.RowsNeededException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps on no rows: a smoke test of the whole graph. What comes from outside has the columns
 * of its contract, or of the log of its table; files with a contract need not even be there. A step
 * that asks for rows, or for a model, is left out from where it asks.
 */
final class EmptyRun {

  private static final String NOTHING = "empty";

  private final Rehearsals.Scratch scratch;
  private final Planning planning;
  private final SortedMap<String, GivenRows.Table> tables = new TreeMap<>();
  private final Set<String> emptied = new HashSet<>();
  private final SortedMap<String, String> absent = new TreeMap<>();
  private final Map<String, PinnedSource> pins = new HashMap<>();
  private int rules;

  EmptyRun(Rehearsals.Scratch scratch, Planning planning) {
    this.scratch = scratch;
    this.planning = planning;
  }

  /** Goes on after a failure with what does not depend on it. */
  EmptyReport run(RunRequest request) {
    Instant started = planning.options().clock().instant();
    List<Problem> problems = GraphCheck.problems(planning.spec(), request);
    if (!problems.isEmpty()) {
      throw EngineException.invalid(problems);
    }
    PipelineSpec spec = withoutAges(planning.spec());
    Set<String> asked =
        Excerpt.of(spec, request).steps().stream().map(StepSpec::name).collect(Collectors.toSet());
    Excerpt excerpt = Excerpt.toMake(spec, asked, Set.of());
    spec.inputs().stream()
        .filter(input -> excerpt.external().contains(input.name()))
        .forEach(this::input);
    List<StepResult> results = new ArrayList<>();
    RunId id = RunId.of(started, System.identityHashCode(this));
    for (StepSpec step : excerpt.steps()) {
      results.add(step(spec, step, id));
      scratch.going().check();
    }
    SortedMap<String, String> schemas = new TreeMap<>();
    tables.forEach((name, table) -> schemas.put(name, table.schemaJson()));
    Instant ended = planning.options().clock().instant();
    double seconds = java.time.Duration.between(started, ended).toMillis() / 1e3;
    return new EmptyReport(spec.name(), results, rules, schemas, seconds);
  }

  /** How old nothing is cannot be said. */
  private static PipelineSpec withoutAges(PipelineSpec spec) {
    return spec.withInputs(spec.inputs().stream().map(InputSpec::ofAnyAge).toList());
  }

  private void input(InputSpec input) {
    String name = input.name();
    pins.put(name, pin(input, input.location(), -1));
    if (input.kind() == InputKind.MODEL) {
      absent.put(name, "model " + input.location() + " is not loaded: it needs rows to score");
    } else if (input.schema() != null) {
      tables.put(name, columns(Schemas.of(input.schema()).json()));
    } else if (input.kind() == InputKind.TABLE) {
      logged(input);
    } else if (input.kind() == InputKind.JDBC) {
      absent.put(name, "what the database gives for " + name + " is not known: it has no schema");
    } else if (!"csv".equals(input.format()) && !"json".equals(input.format())) {
      stored(input);
    } // texts have no columns of their own: whoever reads them has a contract
  }

  private void logged(InputSpec input) {
    var log = scratch.warehouse().tables();
    Long version = input.version();
    Optional<String> columns =
        (version == null ? log.findNewest(input.location()) : log.find(input.location(), version))
            .map(snapshot -> snapshot.schemaJson());
    if (columns.isPresent()) {
      tables.put(input.name(), columns(columns.get()));
    } else {
      absent.put(
          input.name(),
          "table "
              + input.location()
              + " of input "
              + input.name()
              + " is not there, and no"
              + " schema says its columns");
    }
  }

  /** Files that carry their columns are opened, and no row of them is taken. */
  private void stored(InputSpec input) {
    FileSourcePins outside =
        Wiring.pins(
            scratch.warehouse(), planning.options().verification(), planning.options().clock());
    try {
      outside.pin(input).ifPresent(pin -> pins.put(input.name(), pin));
      emptied.add(input.name());
    } catch (EngineException e) {
      absent.put(input.name(), e.getMessage() + ", and no schema says its columns");
    }
  }

  private static GivenRows.Table columns(String schemaJson) {
    return new GivenRows.Table(schemaJson, List.of());
  }

  private static PinnedSource pin(InputSpec input, String uri, long version) {
    return new PinnedSource(input.name(), input.kind(), uri, version, NOTHING, false, List.of(), 0);
  }

  private StepResult step(PipelineSpec spec, StepSpec step, RunId id) {
    try {
      Remaker remaker =
          new Remaker(
              scratch.backend(
                  new GivenRows(tables, emptied, absent), planning.options().clock(), planning),
              spec,
              id);
      scratch.going().begins(remaker);
      StepCode code = Objects.requireNonNull(planning.code().get(step.name()));
      Remaker.Remade made = remaker.make(whole(step), code, inputs(spec, step), 1);
      List<String> words = new ArrayList<>();
      List<Problem> problems = new ArrayList<>();
      for (Audited audited : made.tables()) {
        String json = audited.table().schemaJson();
        tables.put(audited.table().name(), columns(json));
        words.add(audited.table().name() + " (" + Schemas.parse(json).size() + " columns)");
        problems.addAll(rules(step, audited));
      }
      made.models()
          .forEach(model -> absent.put(model.name(), "model " + model.name() + " is of no rows"));
      return problems.isEmpty()
          ? new StepResult(step.name(), State.WORKS, String.join(", ", words), null)
          : failed(step, EngineException.invalid(problems));
    } catch (RowsNeededException e) {
      return ended(step, State.LEFT_OUT, String.valueOf(e.getMessage()), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorType.CANCELLED, "stopped", e);
    } catch (Exception e) { // whatever a step throws
      return failed(step, SparkFailures.classify(e).orElseGet(() -> unknown(step, e)));
    }
  }

  private static EngineException unknown(StepSpec step, Exception e) {
    return e instanceof EngineException known
        ? known
        : new EngineException(ErrorType.STEP_FAILED, "step " + step.name() + ": " + e, e);
  }

  private StepResult failed(StepSpec step, EngineException e) {
    String text =
        e instanceof InvalidConfigException invalid
            ? invalid.problems().stream().map(Problem::toString).collect(Collectors.joining("; "))
            : String.valueOf(e.getMessage()).lines().findFirst().orElse(""); // then comes a plan
    return ended(step, State.FAILED, text, e);
  }

  /** No rows have no partitions. */
  private static StepSpec whole(StepSpec step) {
    List<OutputSpec> outputs = step.outputs().stream().map(o -> o.apart(o.gate())).toList();
    return new StepSpec(
        step.name(), step.uses(), step.inputs(), step.params(), outputs, step.runtime(), step.at());
  }

  /** What a step would have made is not there, and why; what reads it is told. */
  private StepResult ended(
      StepSpec step, State state, String text, @Nullable EngineException failure) {
    String why = step.name() + (state == State.FAILED ? " failed" : " was left out");
    for (OutputSpec output : step.outputs()) {
      absent.put(output.name(), output.name() + " is not there: step " + why);
    }
    return new StepResult(step.name(), state, text, failure);
  }

  private List<PinnedInput> inputs(PipelineSpec spec, StepSpec step) {
    List<PinnedInput> inputs = new ArrayList<>();
    step.inputs()
        .forEach(
            (port, dataset) -> {
              InputSpec input = spec.input(dataset).orElse(null);
              if (input == null) {
                inputs.add(new PinnedInput(port, dataset, null, made(spec, port, dataset)));
              } else if (!input.isOptional()) {
                PinnedSource pin = Objects.requireNonNull(pins.get(dataset));
                inputs.add(new PinnedInput(port, dataset, pin, null));
              }
            });
    return inputs;
  }

  private OutputVersion made(PipelineSpec spec, String port, String dataset) {
    StepSpec producer = spec.producer(dataset).orElseThrow();
    OutputSpec output = Excerpt.output(spec, dataset).orElseThrow();
    OutputKind kind =
        planning
            .type(producer)
            .output(output.port())
            .map(StepTypeInfo.PortInfo::kind)
            .orElse(OutputKind.TABLE);
    String uri = spec.name() + "/" + dataset;
    return new OutputVersion(kind, port, dataset, uri, 0, NOTHING, null, 0, 0, null);
  }

  /** The columns that a table has in the end are known now, with or without a contract. */
  private List<Problem> rules(StepSpec step, Audited audited) {
    OutputSpec output = step.output(audited.table().port()).orElseThrow();
    Set<String> referable = new TreeSet<>(step.inputs().values());
    referable.addAll(output.gate().references());
    rules += output.gate().rules().size();
    StructType columns = Schemas.parse(audited.table().schemaJson());
    return GateSyntax.problems(output.gate().rules(), columns, referable);
  }
}
