package io.mlpipeline.spark;

import io.mlpipeline.model.Measurement;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.Verdict;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.GateStore;
import io.mlpipeline.spark.gate.Baseline;
import io.mlpipeline.spark.gate.GateContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the gate of one dataset may look at in one attempt. */
final class AttemptGates implements GateContext {

  /** Enough for weekly seasons of a daily run, and soon read. */
  private static final int MOST_PAST = 100;

  /** Runs that were rejected or changed nothing stand between those that count. */
  static final int MOST_READ = 300;

  /** The form of the profiles that are kept. */
  static final String KIND = "sketch-1";

  private final AttemptCall call;
  private final AttemptContext context;
  private final GateStore gates;
  private final Baselines baselines;
  private final String dataset;
  private final Rows rows;

  /** Whether all rows of a content are judged, or some were set apart before. */
  private enum Rows {
    ALL,
    SOME
  }

  AttemptGates(
      AttemptCall call,
      AttemptContext context,
      GateStore gates,
      Baselines baselines,
      String dataset) {
    this(call, context, gates, baselines, dataset, Rows.ALL);
  }

  private AttemptGates(
      AttemptCall call,
      AttemptContext context,
      GateStore gates,
      Baselines baselines,
      String dataset,
      Rows rows) {
    this.call = call;
    this.context = context;
    this.gates = gates;
    this.baselines = baselines;
    this.dataset = dataset;
    this.rows = rows;
  }

  /** The same for what is left of an input: its content's profile is that of all rows. */
  AttemptGates ofSome() {
    return new AttemptGates(call, context, gates, baselines, dataset, Rows.SOME);
  }

  @Override
  public Optional<Dataset<Row>> reference(String name) {
    return reference(call, context, name);
  }

  static Optional<Dataset<Row>> reference(AttemptCall call, AttemptContext context, String name) {
    return call.inputs().stream()
        .filter(input -> input.dataset().equals(name))
        .map(PinnedInput::port)
        .findFirst()
        .map(context::input);
  }

  @Override
  public List<Measurement> past() {
    List<Measurement> others =
        gates.newest(call.pipeline(), dataset, MOST_READ).stream()
            .filter(one -> !one.run().equals(call.run()))
            .toList();
    return counted(others, judgedInputs());
  }

  /** Of points, newest first, those that later ones are compared with. */
  static List<Measurement> counted(List<Measurement> points, Collection<String> judged) {
    List<Measurement> past = new ArrayList<>();
    Set<String> seen = new HashSet<>(judged);
    for (Measurement one : points) {
      boolean isNews = seen.add(one.content());
      // The newest judgement of a content stands: rejected and later waived counts, and so on.
      if (isNews && one.verdict() != Verdict.REJECT && past.size() < MOST_PAST) {
        past.add(one);
      }
    }
    return past;
  }

  /** An input's content is known before it is read, and is no part of its own past. */
  private List<String> judgedInputs() {
    return call.inputs().stream()
        .filter(input -> input.dataset().equals(dataset))
        .map(PinnedInput::identity)
        .toList();
  }

  @Override
  public Optional<String> content() {
    return rows == Rows.ALL ? judgedInputs().stream().findFirst() : Optional.empty();
  }

  @Override
  public Optional<Baseline> baseline(String name, String judged) {
    return baselines.find(name, dataset, judged, this::past);
  }

  @Override
  public Optional<byte[]> profile(String key) {
    return profile(gates, call, dataset, key);
  }

  static Optional<byte[]> profile(GateStore gates, AttemptCall call, String dataset, String key) {
    return gates.findProfile(call.pipeline(), dataset, key, KIND);
  }

  @Override
  public void keepProfile(String key, byte[] profile) {
    gates.putProfile(call.pipeline(), dataset, key, KIND, profile);
  }
}
