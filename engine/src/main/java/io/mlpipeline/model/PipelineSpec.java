package io.mlpipeline.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as it was written: named steps joined by named datasets.
 *
 * @param name the pipeline's name
 * @param environment the overlay in force, such as {@code local}
 * @param inputs what comes from outside
 * @param steps the steps in the order of the file
 * @param jars jars with step classes, as written
 * @param modelClasses classes, or prefixes that end in a dot, of which models may be made besides
 *     MLlib's and the engine's; never decides a result
 * @param mlflow where runs are mirrored to; null if nowhere; never decides a result
 * @param models how versions of registered models are promoted; never decides a result
 * @param at the pipeline file
 */
public record PipelineSpec(
    String name,
    String environment,
    List<InputSpec> inputs,
    List<StepSpec> steps,
    List<String> jars,
    List<String> modelClasses,
    @Nullable MlflowSpec mlflow,
    List<ModelPolicy> models,
    SourceLocation at) {

  public PipelineSpec {
    Names.check("pipeline", name);
    inputs = List.copyOf(inputs);
    steps = List.copyOf(steps);
    jars = List.copyOf(jars);
    modelClasses = List.copyOf(modelClasses);
    models = List.copyOf(models);
  }

  /**
   * A pipeline that names no further classes for models, is mirrored nowhere and says nothing of
   * promotions.
   */
  public PipelineSpec(
      String name,
      String environment,
      List<InputSpec> inputs,
      List<StepSpec> steps,
      List<String> jars,
      SourceLocation at) {
    this(name, environment, inputs, steps, jars, List.of(), null, List.of(), at);
  }

  /** How versions of this registered model are promoted; evidence alone where nothing is said. */
  public ModelPolicy policy(String model) {
    return models.stream()
        .filter(policy -> policy.model().equals(model))
        .findFirst()
        .orElseGet(() -> ModelPolicy.open(model));
  }

  /** The external input of this dataset name. */
  public Optional<InputSpec> input(String dataset) {
    return inputs.stream().filter(i -> i.name().equals(dataset)).findFirst();
  }

  /** The step of this name. */
  public Optional<StepSpec> step(String stepName) {
    return steps.stream().filter(s -> s.name().equals(stepName)).findFirst();
  }

  /** The step that writes this dataset or model. */
  public Optional<StepSpec> producer(String dataset) {
    return steps.stream()
        .filter(s -> s.outputs().stream().anyMatch(o -> o.name().equals(dataset)))
        .findFirst();
  }

  /** The same steps over other inputs. */
  public PipelineSpec withInputs(List<InputSpec> others) {
    return new PipelineSpec(
        name, environment, others, steps, jars, modelClasses, mlflow, models, at);
  }
}
