package io.mlpipeline.run;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepRecipe;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ReuseIndex;
import io.mlpipeline.registry.ModelCard;
import io.mlpipeline.registry.ModelState;
import io.mlpipeline.registry.ReceiptStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says of a step's inputs where they come from: from this pipeline, another one, or the registry.
 */
final class Provenances {

  private final ReuseIndex reuse;
  private final ModelRegistry registry;
  private final String pipeline;
  private final String warehouse;

  Provenances(ReuseIndex reuse, ModelRegistry registry, String pipeline, String warehouse) {
    this.reuse = reuse;
    this.registry = registry;
    this.pipeline = pipeline;
    this.warehouse = warehouse;
  }

  /** By port; only a step that reads a model is told, for nobody else asks. */
  SortedMap<String, Provenance> of(List<PinnedInput> inputs, Ancestry ancestry) {
    SortedMap<String, Provenance> all = new TreeMap<>();
    if (inputs.stream().anyMatch(Provenances::isModel)) {
      for (PinnedInput input : inputs) {
        if (!input.isOfGate()) {
          all.put(input.port(), of(input, ancestry));
        }
      }
    }
    return all;
  }

  private static boolean isModel(PinnedInput input) {
    PinnedSource source = input.source();
    OutputVersion output = input.output();
    return source != null
        ? source.kind() == InputKind.MODEL
        : output != null && output.kind() == OutputKind.MODEL;
  }

  private Provenance of(PinnedInput input, Ancestry ancestry) {
    PinnedSource source = input.source();
    if (source == null) {
      return ofOutput(java.util.Objects.requireNonNull(input.output()), ancestry);
    }
    return source.kind() == InputKind.MODEL ? registered(source) : external(source);
  }

  private Provenance ofOutput(OutputVersion output, Ancestry ancestry) {
    String name = pipeline + "/" + output.name();
    if (output.kind() == OutputKind.TABLE) {
      return new Provenance(
          name + "@v" + output.version(),
          makers(ancestry.entries(), output.name(), output.identity()),
          Set.of(),
          null);
    }
    return model(name, ancestry.of(output.name(), output.digest()), output.digest());
  }

  private static Provenance model(String label, List<ReceiptStep> steps, String digest) {
    Set<String> contents = new TreeSet<>();
    List<StepRecipe> recipes = new ArrayList<>();
    for (ReceiptStep step : steps) {
      recipes.add(StepRecipe.of(step.entry()));
      step.entry().outputs().forEach(output -> contents.add(output.identity()));
      step.inputs().forEach(input -> contents.add(input.identity()));
    }
    Optional<LineageInput> trainedOn =
        ReceiptStep.training(steps, digest).flatMap(ReceiptStep::trainingTable);
    return new Provenance(label, recipes, contents, trainedOn.orElse(null));
  }

  private Provenance registered(PinnedSource source) {
    String model = source.files().get(0).name();
    if (model.indexOf('@') < 0) { // made by a step that a sample leaves out
      return model(model, List.of(), source.identity());
    }
    ModelState state = registry.state(model.substring(0, model.indexOf('@')));
    Optional<ModelCard> card =
        state
            .findDigest(source.identity())
            .flatMap(version -> registry.findCard(state.model(), version.card()));
    return model(model, card.map(ModelCard::steps).orElse(List.of()), source.identity());
  }

  /** A table of another pipeline of this warehouse is known by its last entries. */
  private Provenance external(PinnedSource source) {
    String uri = source.uri();
    int dataset = uri.lastIndexOf('/');
    int owner = uri.lastIndexOf('/', dataset - 1);
    String name = uri.substring(owner + 1);
    if (source.kind() != InputKind.TABLE || !isOurs(uri, name)) {
      return new Provenance(source.dataset(), List.of(), Set.of(), null);
    }
    Map<String, ReuseEntry> entries = reuse.loadLast(uri.substring(owner + 1, dataset)).steps();
    return new Provenance(
        name + "@v" + source.version(),
        makers(entries, uri.substring(dataset + 1), source.identity()),
        Set.of(),
        null);
  }

  private boolean isOurs(String uri, String name) {
    String root = uri.substring(0, uri.length() - name.length() - 1);
    return root.equals(warehouse) || root.equals("file:" + warehouse);
  }

  private static List<StepRecipe> makers(
      Map<String, ReuseEntry> entries, String dataset, String identity) {
    return entries.values().stream()
        .filter(
            entry ->
                entry.outputs().stream()
                    .anyMatch(o -> o.name().equals(dataset) && o.identity().equals(identity)))
        .map(StepRecipe::of)
        .toList();
  }
}
