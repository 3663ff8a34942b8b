package io.mlpipeline.run;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.registry.ReceiptStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the steps of a pipeline have made so far, as one step of a run sees it: enough to say how a
 * model came to be, down to the sources.
 *
 * @param spec the pipeline
 * @param entries the newest entry of every step that has one, by step
 * @param sources the external inputs, by dataset
 */
record Ancestry(
    PipelineSpec spec, Map<String, ReuseEntry> entries, Map<String, PinnedSource> sources) {

  Ancestry {
    entries = Map.copyOf(entries);
    sources = Map.copyOf(sources);
  }

  /**
   * The steps that lead to a model, sources first. A step that only passes the model on leads to
   * the one that it was passed from, and not to the models that it was chosen among.
   */
  List<ReceiptStep> of(String model, String digest) {
    Map<String, ReceiptStep> found = new LinkedHashMap<>();
    collect(model, digest, found);
    return List.copyOf(found.values());
  }

  /** The external inputs that steps read, in the order of the pipeline. */
  List<PinnedSource> sourcesOf(List<ReceiptStep> steps) {
    return spec.inputs().stream()
        .filter(
            input ->
                steps.stream()
                    .flatMap(step -> step.inputs().stream())
                    .anyMatch(read -> read.name().equals(input.name())))
        .map(input -> sources.get(input.name()))
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  private void collect(String dataset, String digest, Map<String, ReceiptStep> found) {
    StepSpec step = spec.producer(dataset).orElse(null);
    ReuseEntry entry = step == null ? null : entries.get(step.name());
    if (step == null || entry == null || found.containsKey(step.name())) {
      return;
    }
    List<LineageInput> inputs = inputs(step, entry);
    Optional<LineageInput> same =
        inputs.stream().filter(input -> input.identity().equals(digest)).findFirst();
    List<LineageInput> above = same.map(List::of).orElse(inputs);
    above.forEach(input -> collect(input.name(), digest, found));
    found.put(step.name(), new ReceiptStep(step.uses(), entry, inputs));
  }

  /** What a step read, by the identities that it was keyed by. */
  private List<LineageInput> inputs(StepSpec step, ReuseEntry entry) {
    List<LineageInput> inputs = new ArrayList<>();
    step.inputs()
        .forEach(
            (port, dataset) ->
                identity(entry.fingerprint(), port)
                    .ifPresent(identity -> inputs.add(input(port, dataset, identity))));
    return inputs;
  }

  private static Optional<String> identity(Fingerprint fingerprint, String port) {
    return fingerprint.ingredients().stream()
        .filter(one -> one.kind() == Ingredient.Kind.INPUT && one.name().equals(port))
        .map(Ingredient::value)
        .findFirst();
  }

  /** Where a thing of that identity is; if nobody knows any more, its identity alone. */
  private LineageInput input(String port, String dataset, String identity) {
    return bound(port, dataset)
        .filter(bound -> bound.identity().equals(identity))
        .map(LineageInput::of)
        .orElseGet(() -> new LineageInput(port, dataset, "", -1, identity, -1, -1));
  }

  private Optional<PinnedInput> bound(String port, String dataset) {
    PinnedSource source = sources.get(dataset);
    if (source != null) {
      return Optional.of(new PinnedInput(port, dataset, source, null));
    }
    return spec.producer(dataset)
        .map(step -> entries.get(step.name()))
        .flatMap(
            entry -> entry.outputs().stream().filter(o -> o.name().equals(dataset)).findFirst())
        .map((OutputVersion output) -> new PinnedInput(port, dataset, null, output));
  }
}
