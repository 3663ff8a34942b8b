package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.EngineException;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.InvalidConfigException;
import io.mlpipeline.model.MlflowSpec;
import io.mlpipeline.model.ModelPolicy;
import io.mlpipeline.model.Names;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a resolved pipeline from its top. */
final class PipelineReader {

  static final String NAMING = "use a-z, 0-9 and _, a letter first, at most 128";

  private static final StepTypes NO_TYPES =
      new StepTypes() {
        @Override
        public Optional<io.mlpipeline.model.StepTypeInfo> find(String uses) {
          return Optional.empty();
        }

        @Override
        public SortedSet<String> names() {
          return new TreeSet<>();
        }
      };

  private final Problems problems;
  private final Values values;
  private final SchemaLoader schemas;
  private final Locations locations;
  private final SqlFiles sql;
  private final Set<String> overlaidModels;

  PipelineReader(
      Problems problems,
      SchemaLoader schemas,
      Locations locations,
      SqlFiles sql,
      Set<String> overlaidModels) {
    this.problems = problems;
    this.values = new Values(problems);
    this.schemas = schemas;
    this.locations = locations;
    this.sql = sql;
    this.overlaidModels = overlaidModels;
  }

  /**
   * Reads what has the keys of a pipeline; other top-level keys are none of its business.
   *
   * @return null if the pipeline has no name to go by
   */
  @Nullable PipelineSpec read(
      Node root, String environment, Function<List<String>, StepTypes> stepTypes) {
    Fields fields = Fields.of(root, problems);
    if (fields == null) {
      return null;
    }
    String name = values.word(fields.require("pipeline", "pipeline: churn"));
    boolean named = name != null && isName("pipeline", name, root.members().get("pipeline"));
    requireObject(fields.find("params"));
    requireObject(fields.find(EnvBlock.KEY));
    Node jarsNode = fields.find("jars");
    List<String> jars = jars(jarsNode);
    SurroundingsReader around = new SurroundingsReader(problems);
    List<String> modelClasses = around.modelClasses(fields.find(SurroundingsReader.MODEL_CLASSES));
    MlflowSpec mlflow = around.mlflow(fields.find(SurroundingsReader.MLFLOW), name);
    StepTypes types = types(stepTypes, jars, jarsNode == null ? root.at() : jarsNode.at());
    List<InputSpec> inputs = new ArrayList<>();
    Map<String, Node> broken = inputs(fields.find("inputs"), inputs);
    List<StepReader.Draft> steps = steps(fields.require("steps", "steps { ... }"), types);
    new Edges(problems).check(inputs, broken, steps);
    new PartitionChecks(problems, inputs, steps).check();
    List<ModelPolicy> models =
        new ModelPolicyReader(problems)
            .read(fields.find(ModelPolicyReader.KEY), steps, overlaidModels);
    List<StepSpec> specs = new ArrayList<>();
    steps.forEach(step -> specs.add(step.spec()));
    return name == null || !named
        ? null
        : new PipelineSpec(
            name,
            environment,
            InputContracts.enforce(inputs, steps),
            specs,
            jars,
            modelClasses,
            mlflow,
            models,
            root.at());
  }

  private void requireObject(@Nullable Node node) {
    if (node != null) {
      Fields.of(node, problems);
    }
  }

  private boolean isName(String what, String name, @Nullable Node node) {
    if (!Names.isValid(name)) {
      SourceLocation at = node == null ? SourceLocation.UNKNOWN : node.at();
      problems.add(at, "'" + Keys.clean(name) + "' is no name for a " + what, NAMING);
      return false;
    }
    return true;
  }

  private List<String> jars(@Nullable Node node) {
    List<String> written = values.words(node);
    List<String> jars = new ArrayList<>();
    if (node != null && written != null) {
      for (String jar : written) {
        String location = locations.absolute(jar, node.at(), node.path());
        if (location != null && isThere(location, jar, node)) {
          jars.add(location);
        }
      }
    }
    return jars;
  }

  private boolean isThere(String location, String written, Node node) {
    if (!Locations.hasScheme(location) && !Files.isRegularFile(Path.of(location))) {
      problems.add(
          node.at(),
          "the jar '" + Keys.clean(written) + "' does not exist",
          "jars are relative to the working directory; build it first");
      return false;
    }
    return true;
  }

  private StepTypes types(
      Function<List<String>, StepTypes> stepTypes, List<String> jars, SourceLocation at) {
    try {
      return stepTypes.apply(jars);
    } catch (InvalidConfigException e) {
      problems.addAll(e.problems());
    } catch (EngineException e) {
      problems.add(at, String.valueOf(e.getMessage()), e.type().remedy());
    }
    return NO_TYPES;
  }

  /** Adds what can be read to the list; returns what cannot. */
  private Map<String, Node> inputs(@Nullable Node node, List<InputSpec> inputs) {
    Map<String, Node> broken = new LinkedHashMap<>();
    if (node == null || Fields.of(node, problems) == null) {
      return broken;
    }
    InputReader reader = new InputReader(problems, schemas, locations);
    node.members()
        .forEach(
            (name, member) -> {
              boolean absent = member.kind() == Kind.NULL;
              InputSpec input =
                  !absent && isName("dataset", name, member) ? reader.read(name, member) : null;
              if (input != null) {
                inputs.add(input);
              } else if (!absent) {
                broken.put(name, member);
              }
            });
    return broken;
  }

  private List<StepReader.Draft> steps(@Nullable Node node, StepTypes types) {
    List<StepReader.Draft> steps = new ArrayList<>();
    if (node == null || Fields.of(node, problems) == null) {
      return steps;
    }
    StepReader reader = new StepReader(problems, types, schemas, sql);
    boolean any = false;
    for (Map.Entry<String, Node> member : node.members().entrySet()) {
      any |= member.getValue().kind() != Kind.NULL;
      boolean named =
          member.getValue().kind() != Kind.NULL
              && isName("step", member.getKey(), member.getValue());
      StepReader.Draft step = named ? reader.read(member.getKey(), member.getValue()) : null;
      if (step != null) {
        steps.add(step);
      }
    }
    if (!any) {
      problems.add(node.at(), "the pipeline has no steps", "for example load { uses: ingest }");
    }
    return steps;
  }
}
