package io.mlpipeline.rehearse;

import io.mlpipeline.Planning;
import io.mlpipeline.model.CaseSpec;
import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.Suggestions;
import io.mlpipeline.plan.Excerpt;
import io.mlpipeline.spark.GivenRows;
import io.mlpipeline.spark.WrittenRows;
import io.mlpipeline.spark.gate.VolumeRules;
import io.mlpipeline.spark.table.Schemas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Makes of a case the pipeline that it runs: the steps between what is given and expected. */
final class CaseSetup {

  private static final String QUARANTINE = "__quarantine";

  private final CaseSpec one;
  private final Planning planning;
  private final SparkSession spark;
  private final Supplier<SortedMap<String, String>> schemas;
  private final List<Problem> problems = new ArrayList<>();
  private final SortedMap<String, GivenRows.Table> tables = new TreeMap<>();
  private final Map<String, PinnedSource> pins = new HashMap<>();
  private final SortedMap<String, WrittenTable> files = new TreeMap<>();
  private final List<InputSpec> inputs = new ArrayList<>();

  /**
   * A setup of one case.
   *
   * @param schemas the columns of every table that a run without rows finds; asked if no contract
   *     says them
   */
  CaseSetup(
      CaseSpec one,
      Planning planning,
      SparkSession spark,
      Supplier<SortedMap<String, String>> schemas) {
    this.one = one;
    this.planning = planning;
    this.spark = spark;
    this.schemas = schemas;
  }

  /**
   * What a case runs.
   *
   * @param one the case
   * @param planning its pipeline as it was written
   * @param spec what is run of it
   * @param tables rows in the place of datasets
   * @param pins what inputs are pinned to
   * @param files texts that are to lie where inputs say, by input
   */
  record Ready(
      CaseSpec one,
      Planning planning,
      PipelineSpec spec,
      SortedMap<String, GivenRows.Table> tables,
      Map<String, PinnedSource> pins,
      SortedMap<String, WrittenTable> files) {}

  /** The setup, or all that is wrong with the case. */
  Optional<Ready> prepare(List<Problem> found) {
    PipelineSpec spec = planning.spec();
    Set<String> wanted = wanted(spec);
    one.given().forEach((name, table) -> checkDataset(spec, name, table.at()));
    if (problems.isEmpty()) {
      Excerpt excerpt = Excerpt.toMake(spec, wanted, one.given().keySet());
      one.given().forEach((name, table) -> checkUsed(excerpt, name, table));
      for (String dataset : excerpt.external()) {
        external(spec.input(dataset).orElseThrow(), excerpt);
      }
      excerpt.above().forEach(dataset -> above(spec, dataset));
      if (problems.isEmpty()) {
        PipelineSpec run = rewritten(spec, excerpt);
        return Optional.of(new Ready(one, planning, run, tables, pins, files));
      }
    }
    found.addAll(problems);
    return Optional.empty();
  }

  private Set<String> wanted(PipelineSpec spec) {
    Set<String> wanted = new LinkedHashSet<>();
    one.expect()
        .tables()
        .forEach((name, table) -> wanted.add(checkDataset(spec, base(name), table.at())));
    one.expect().rejects().forEach((name, rules) -> wanted.add(judged(spec, name, rules.at())));
    one.expect().warns().forEach((name, rules) -> wanted.add(judged(spec, name, rules.at())));
    one.expect().metrics().keySet().forEach(step -> wanted.add(checkStep(spec, step, one.at())));
    CaseSpec.ExpectedFailure fails = one.expect().fails();
    if (fails != null) {
      wanted.add(checkStep(spec, fails.step(), fails.at()));
    }
    return wanted;
  }

  private static String base(String table) {
    return table.endsWith(QUARANTINE)
        ? table.substring(0, table.length() - QUARANTINE.length())
        : table;
  }

  /** The gate of an input is judged by the first step that reads it. */
  private String judged(PipelineSpec spec, String dataset, SourceLocation at) {
    checkDataset(spec, dataset, at);
    return spec.input(dataset).isEmpty()
        ? dataset
        : spec.steps().stream()
            .filter(step -> step.inputs().containsValue(dataset))
            .map(StepSpec::name)
            .findFirst()
            .orElse(dataset);
  }

  private String checkDataset(PipelineSpec spec, String name, SourceLocation at) {
    Set<String> known = new LinkedHashSet<>();
    spec.inputs().forEach(input -> known.add(input.name()));
    spec.steps().forEach(step -> step.outputs().forEach(o -> known.add(o.name())));
    if (!known.contains(name)) {
      problem(at, "pipeline " + spec.name() + " has no dataset '" + name + "'", name, known);
    }
    return name;
  }

  private String checkStep(PipelineSpec spec, String name, SourceLocation at) {
    Set<String> known = new LinkedHashSet<>();
    spec.steps().forEach(step -> known.add(step.name()));
    if (!known.contains(name)) {
      problem(at, "pipeline " + spec.name() + " has no step '" + name + "'", name, known);
    }
    return name;
  }

  private void problem(SourceLocation at, String message, String written, Set<String> known) {
    String near = Suggestions.didYouMean(written, known);
    problems.add(
        new Problem(
            at,
            "case " + one.name() + ": " + message,
            near == null ? "there are " + String.join(", ", known) : near));
  }

  private void checkUsed(Excerpt excerpt, String name, WrittenTable table) {
    if (!excerpt.external().contains(name) && !excerpt.above().contains(name)) {
      problems.add(
          new Problem(
              table.at(),
              "case "
                  + one.name()
                  + ": "
                  + name
                  + " is given, and nothing that is expected needs it",
              "leave it out, or expect something that is made of it"));
    }
  }

  private void external(InputSpec input, Excerpt excerpt) {
    WrittenTable written = one.given().get(input.name());
    if (written == null) {
      if (input.isOptional()) {
        inputs.add(input);
      } else {
        problems.add(missing(input.name()));
      }
      return;
    }
    if (input.kind() == InputKind.FILES && isReadRaw(input.name(), excerpt)) {
      files.put(input.name(), written);
      inputs.add(input.ofAnyAge());
    } else {
      SchemaSpec contract = input.schema();
      given(
          input.name(),
          written,
          contract == null ? null : Schemas.of(contract),
          input.gate(),
          input.at());
    }
  }

  private Problem missing(String dataset) {
    return new Problem(
        one.at(),
        "case " + one.name() + ": " + dataset + " is needed and not given",
        "give it rows, or an empty list: " + dataset + ": []");
  }

  private boolean isReadRaw(String dataset, Excerpt excerpt) {
    return excerpt.steps().stream()
        .anyMatch(
            step -> {
              StepTypeInfo type = planning.type(step);
              return step.inputs().entrySet().stream()
                  .filter(bound -> bound.getValue().equals(dataset))
                  .anyMatch(
                      bound ->
                          type.input(bound.getKey())
                              .map(StepTypeInfo.PortInfo::files)
                              .orElse(false));
            });
  }

  private void above(PipelineSpec spec, String dataset) {
    OutputSpec output = Excerpt.output(spec, dataset).orElseThrow();
    WrittenTable written = one.given().get(dataset);
    if (written == null) {
      problems.add(missing(dataset));
      return;
    }
    SchemaSpec contract = output.schema();
    given(
        dataset,
        written,
        contract == null ? null : Schemas.of(contract),
        GateSpec.OPEN,
        output.at());
  }

  private void given(
      String name,
      WrittenTable written,
      @Nullable StructType contract,
      GateSpec gate,
      SourceLocation at) {
    StructType known = contract == null ? found(name) : contract;
    WrittenRows.Typed typed = WrittenRows.of(spark, name, written, known);
    typed.problems().stream()
        .map(p -> new Problem(p.at(), "case " + one.name() + ": " + p.message(), p.suggestion()))
        .forEach(problems::add);
    tables.put(name, new GivenRows.Table(typed.schema().json(), typed.rows()));
    pins.put(
        name,
        new PinnedSource(name, InputKind.TABLE, "given/" + name, 0, "given", false, List.of(), 0));
    inputs.add(
        new InputSpec(
            name,
            InputKind.TABLE,
            "given/" + name,
            null,
            new TreeMap<>(),
            null,
            null,
            null,
            gate,
            InputSpec.Presence.REQUIRED,
            List.of(),
            null,
            at));
  }

  private @Nullable StructType found(String name) {
    String json = schemas.get().get(name);
    return json == null ? null : Schemas.parse(json);
  }

  private PipelineSpec rewritten(PipelineSpec spec, Excerpt excerpt) {
    return new PipelineSpec(
        spec.name(),
        spec.environment(),
        inputs.stream().map(input -> input.withGate(eased(input.name(), input.gate()))).toList(),
        excerpt.steps().stream().map(this::step).toList(),
        spec.jars(),
        spec.modelClasses(),
        null,
        spec.models(),
        spec.at());
  }

  private StepSpec step(StepSpec step) {
    List<OutputSpec> outputs =
        step.outputs().stream().map(o -> o.apart(eased(o.name(), o.gate()))).toList();
    return new StepSpec(
        step.name(), step.uses(), step.inputs(), step.params(), outputs, step.runtime(), step.at());
  }

  private GateSpec eased(String dataset, GateSpec gate) {
    Set<String> strict = new HashSet<>();
    CaseSpec.ExpectedRules rejects = one.expect().rejects().get(dataset);
    if (rejects != null) {
      strict.addAll(rejects.rules());
    }
    return VolumeRules.ofFewRows(gate, strict);
  }
}
