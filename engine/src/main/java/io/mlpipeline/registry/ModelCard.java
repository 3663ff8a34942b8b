package io.mlpipeline.registry;

import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.ModelSignature;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedSource;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of a model version on the day of its registration; immutable, named by
 * its seal. It needs no lineage to be understood.
 *
 * @param model the registered model's name
 * @param version its version
 * @param change why it has this version and not another, in a sentence
 * @param pipeline the pipeline that made it
 * @param artifact its name there
 * @param digest its content, {@code m1:...}
 * @param uri its directory, relative to the warehouse
 * @param run the run that registered it
 * @param at when
 * @param by the author: who ran that run
 * @param signature what it takes and gives; null if the step that trained it did not say
 * @param trainedOn the table that it learned from; null if it learned from files
 * @param steps the steps that lead from the sources to the model, sources first
 * @param sources the external inputs of these steps with their files
 * @param facts of that run: {@code git-commit}, {@code engine}, {@code spark}, {@code jdk} ...
 * @param config the configuration files as they were read, text by path
 */
public record ModelCard(
    String model,
    SemanticVersion version,
    String change,
    String pipeline,
    String artifact,
    String digest,
    String uri,
    String run,
    Instant at,
    String by,
    @Nullable ModelSignature signature,
    @Nullable LineageInput trainedOn,
    List<ReceiptStep> steps,
    List<PinnedSource> sources,
    SortedMap<String, String> facts,
    SortedMap<String, String> config) {

  public ModelCard {
    steps = List.copyOf(steps);
    sources = List.copyOf(sources);
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
  }

  /** The step of this name. */
  public Optional<ReceiptStep> step(String name) {
    return steps.stream().filter(s -> s.step().equals(name)).findFirst();
  }

  /** The step that trained it: the last one that read no model of this content. */
  public Optional<ReceiptStep> training() {
    return ReceiptStep.training(steps, digest);
  }

  /** The tables that its steps published, sources first, each once. */
  public List<OutputVersion> tables() {
    Map<String, OutputVersion> tables = new LinkedHashMap<>();
    steps.stream()
        .flatMap(step -> step.entry().outputs().stream())
        .filter(output -> output.kind() == OutputKind.TABLE)
        .forEach(output -> tables.put(output.uri(), output));
    return List.copyOf(tables.values());
  }

  /** The same card with the table that the model learned from. */
  public ModelCard trainedOn(LineageInput table) {
    return new ModelCard(
        model, version, change, pipeline, artifact, digest, uri, run, at, by, signature, table,
        steps, sources, facts, config);
  }

  /** The same card under another version. */
  public ModelCard as(SemanticVersion other, String why) {
    return new ModelCard(
        model, other, why, pipeline, artifact, digest, uri, run, at, by, signature, trainedOn,
        steps, sources, facts, config);
  }
}
