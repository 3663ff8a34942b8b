package io.mlpipeline.spark;

import io.mlpipeline.model.Derivation;
import io.mlpipeline.model.LineageInput;
import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.port.TableLog;
import io.mlpipeline.spark.gate.Baseline;
import io.mlpipeline.spark.gate.GateContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a gate may look at that is tried on a published version: the past and the baselines of
 * before that version; other datasets as they were read when it was made, and those that were not
 * read as they are now. Keeps nothing.
 */
public final class TrialGates implements GateContext {

  private final Version version;
  private final AttemptCall call;
  private final AttemptContext context;
  private final Baselines baselines;
  private final GateStore gates;
  private final String content;
  private final Set<String> published;

  /**
   * The version that is judged.
   *
   * @param pipeline the pipeline
   * @param dataset the dataset
   * @param number the Delta version
   */
  public record Version(String pipeline, String dataset, long number) {

    String uri() {
      return pipeline + "/" + dataset;
    }
  }

  TrialGates(
      Version version,
      AttemptCall call,
      AttemptContext context,
      Baselines baselines,
      GateStore gates,
      String content,
      Set<String> published) {
    this.version = version;
    this.call = call;
    this.context = context;
    this.baselines = baselines;
    this.gates = gates;
    this.content = content;
    this.published = Set.copyOf(published);
  }

  /**
   * The attempt that made a version, with what it read; of a version that no run made, the newest
   * of everything.
   *
   * @param names other datasets that rules read
   */
  static AttemptCall call(
      List<Derivation> events, TableLog tables, Version version, Set<String> names) {
    Derivation maker = maker(events, version).orElse(null);
    List<PinnedInput> inputs = new ArrayList<>();
    if (maker != null) {
      for (LineageInput input : maker.inputs()) {
        if (input.version() >= 0 && !input.isModel()) {
          inputs.add(
              pinned(input.port(), input.name(), input.uri(), input.version(), input.identity()));
        }
      }
    }
    for (String name : names) {
      String uri = version.pipeline() + "/" + name;
      OptionalLong head = tables.findHead(uri);
      if (head.isPresent() && inputs.stream().noneMatch(input -> input.dataset().equals(name))) {
        long newest = head.getAsLong();
        String identity = tables.findContent(uri, newest).orElseGet(() -> uri + "@v" + newest);
        inputs.add(pinned(PinnedInput.gatePort(name), name, uri, newest, identity));
      }
    }
    String run = maker == null ? "" : maker.runId();
    return new AttemptCall(version.pipeline(), run, "", step(maker, version), inputs, List.of());
  }

  /** The tables that a pipeline has published, by what is on record. */
  static Set<String> published(List<Derivation> events, String pipeline) {
    return events.stream()
        .filter(event -> event.pipeline().equals(pipeline))
        .flatMap(event -> event.outputs().stream())
        .filter(output -> output.kind() == OutputKind.TABLE)
        .map(OutputVersion::name)
        .collect(Collectors.toSet());
  }

  private static Optional<Derivation> maker(List<Derivation> events, Version version) {
    return events.stream()
        .filter(event -> event.pipeline().equals(version.pipeline()))
        .filter(event -> event.outputs().stream().anyMatch(output -> isOf(output, version)))
        .findFirst();
  }

  private static boolean isOf(OutputVersion output, Version version) {
    return output.kind() == OutputKind.TABLE
        && output.name().equals(version.dataset())
        && output.version() == version.number();
  }

  private static StepSpec step(@Nullable Derivation maker, Version version) {
    String name = maker == null ? null : maker.step();
    return new StepSpec(
        name == null ? version.dataset() : name,
        "",
        Collections.emptySortedMap(),
        Params.NONE,
        List.of(),
        RuntimeSpec.DEFAULT,
        SourceLocation.UNKNOWN);
  }

  private static PinnedInput pinned(
      String port, String name, String uri, long version, String identity) {
    OutputVersion table =
        new OutputVersion(OutputKind.TABLE, port, name, uri, version, identity, null, -1, -1, null);
    return new PinnedInput(port, name, null, table);
  }

  /** Whether rules may read a dataset. */
  public boolean sees(String dataset) {
    return call.inputs().stream().anyMatch(input -> input.dataset().equals(dataset));
  }

  /** What rules could read: the pipeline's tables. */
  public Set<String> published() {
    return published;
  }

  @Override
  public Optional<Dataset<Row>> reference(String name) {
    return AttemptGates.reference(call, context, name);
  }

  @Override
  public List<Measurement> past() {
    List<Measurement> newestFirst =
        gates.newest(call.pipeline(), version.dataset(), AttemptGates.MOST_READ);
    Instant made =
        newestFirst.stream()
            .filter(one -> one.run().equals(call.run()))
            .map(Measurement::at)
            .findFirst()
            .orElse(null);
    List<Measurement> before = new ArrayList<>();
    for (Measurement one : newestFirst) {
      // Ids of runs sort by the second of their start; what a run measured says when exactly.
      boolean isBefore =
          made == null ? one.run().compareTo(call.run()) < 0 : one.at().isBefore(made);
      if (call.run().isEmpty() || isBefore) {
        before.add(one);
      }
    }
    return AttemptGates.counted(before, Set.of(content));
  }

  /** Rows may be left out before they are judged, so no kept profile is theirs. */
  @Override
  public Optional<String> content() {
    return Optional.empty();
  }

  @Override
  public Optional<Baseline> baseline(String name, String judged) {
    return baselines.find(name, version.dataset(), content, this::past);
  }

  @Override
  public Optional<byte[]> profile(String key) {
    return AttemptGates.profile(gates, call, version.dataset(), key);
  }

  @Override
  public void keepProfile(String key, byte[] profile) {}
}
