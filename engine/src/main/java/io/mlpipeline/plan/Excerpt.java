package io.mlpipeline.plan;

import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Some steps of a pipeline, and what they read that none of them makes.
 *
 * @param steps the steps, in the order of the graph
 * @param external inputs of the pipeline that they read, by name
 * @param above datasets and models that steps which were left out make
 */
public record Excerpt(List<StepSpec> steps, Set<String> external, Set<String> above) {

  public Excerpt {
    steps = List.copyOf(steps);
    external = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(external));
    above = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(above));
  }

  /** What a request asks for. */
  public static Excerpt of(PipelineSpec spec, RunRequest request) {
    Graph graph = new Graph(spec);
    return of(spec, graph, Selection.of(graph, request));
  }

  /**
   * What it takes to make datasets or models (or to run steps) where others are given: no step
   * whose outputs are all given, and nothing that only such a step needs.
   *
   * @param wanted names of datasets, models or steps
   * @param given names of datasets that need not be made
   */
  public static Excerpt toMake(PipelineSpec spec, Set<String> wanted, Set<String> given) {
    Graph graph = new Graph(spec);
    Set<String> selected = new LinkedHashSet<>();
    List<String> open = new ArrayList<>();
    for (String name : wanted) {
      open.add(graph.has(name) ? name : String.valueOf(graph.producer(name)));
    }
    while (!open.isEmpty()) {
      String step = open.remove(open.size() - 1);
      if (graph.has(step) && selected.add(step)) {
        reads(spec, graph.step(step)).stream()
            .filter(dataset -> !given.contains(dataset))
            .map(dataset -> String.valueOf(graph.producer(dataset)))
            .forEach(open::add);
      }
    }
    return of(spec, graph, selected);
  }

  private static Excerpt of(PipelineSpec spec, Graph graph, Set<String> selected) {
    List<StepSpec> steps =
        graph.ordered().stream().filter(step -> selected.contains(step.name())).toList();
    Set<String> made = new LinkedHashSet<>();
    steps.forEach(step -> step.outputs().stream().map(OutputSpec::name).forEach(made::add));
    Set<String> external = new LinkedHashSet<>();
    Set<String> above = new LinkedHashSet<>();
    for (StepSpec step : steps) {
      for (String dataset : reads(spec, step)) {
        if (spec.input(dataset).isPresent()) {
          external.add(dataset);
        } else if (!made.contains(dataset)) {
          above.add(dataset);
        }
      }
    }
    return new Excerpt(steps, external, above);
  }

  private static Set<String> reads(PipelineSpec spec, StepSpec step) {
    Set<String> all = new LinkedHashSet<>(step.inputs().values());
    all.addAll(Gates.referenced(spec, step));
    return all;
  }

  /** What the pipeline says of a dataset that a step makes. */
  public static Optional<OutputSpec> output(PipelineSpec spec, String dataset) {
    return spec.steps().stream()
        .flatMap(step -> step.outputs().stream())
        .filter(output -> output.name().equals(dataset))
        .findFirst();
  }
}
