package io.mlpipeline.run;

import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Provenance;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Registered;
import io.mlpipeline.port.Staged;
import io.mlpipeline.port.TableLog;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes a step once more from given pins, up to staging: nothing is published, recorded or
 * delivered. Its gates do not judge, but rows that they set apart are set apart. Where it stages is
 * up to the sessions that it is given.
 */
public final class Remaker implements Stoppable {

  private final Backend backend;
  private final PipelineSpec spec;
  private final RunId id;
  private final Watch watch = new Watch();

  /**
   * A remaker of one pipeline's steps.
   *
   * @param backend its sessions write to a scratch place
   * @param id under which attempts are made
   */
  public Remaker(Backend backend, PipelineSpec spec, RunId id) {
    this.backend = backend;
    this.spec = spec;
    this.id = id;
  }

  /** Stops what is being made, and all that would be: it fails as {@code CANCELLED}. */
  @Override
  public void cancel() {
    watch.cancel();
  }

  /**
   * What was made; nobody else can see it.
   *
   * @param tables staged tables with their digests
   * @param models staged models
   * @param registered what would be registered
   */
  public record Remade(
      List<Audited> tables, List<StagedModel> models, List<Registered> registered) {

    public Remade {
      tables = List.copyOf(tables);
      models = List.copyOf(models);
      registered = List.copyOf(registered);
    }
  }

  /**
   * What is on record of the attempt that is made again.
   *
   * @param run the run that made it, by which rows are named that say their run
   * @param bases by table what its batch was merged into; empty if there was nothing
   * @param entries what the steps of that run had made, by step
   * @param sources the external inputs of that run, by dataset
   * @param warehouse the warehouse that it was made in
   * @param partitions what to make of a step that is made by partition; null for all there is
   */
  public record Original(
      String run,
      Map<String, Long> bases,
      Map<String, ReuseEntry> entries,
      Map<String, PinnedSource> sources,
      String warehouse,
      @Nullable PartitionWork partitions) {

    public Original {
      bases = Map.copyOf(bases);
      entries = Map.copyOf(entries);
      sources = Map.copyOf(sources);
    }
  }

  /**
   * Computes it.
   *
   * @param inputs what its ports are bound to; tables by absolute URI or relative to the warehouse
   * @param original what is known of the attempt of then
   * @param attempt the number of the attempt, from 1
   */
  public Remade make(
      StepSpec written, StepCode code, List<PinnedInput> inputs, Original original, int attempt)
      throws Exception {
    PartitionWork work = original.partitions();
    List<PinnedInput> read = inputs.stream().map(input -> ReadFiles.of(input, spec, work)).toList();
    AttemptCall call =
        call(written, read, original.run(), attempt)
            .from(provenance(inputs, original))
            .making(work);
    return make(call, code, original.bases());
  }

  /** Computes it as if it had never been made, and with nothing known of its inputs. */
  public Remade make(StepSpec written, StepCode code, List<PinnedInput> inputs, int attempt)
      throws Exception {
    return make(call(written, inputs, id.value(), attempt), code, Map.of());
  }

  private AttemptCall call(StepSpec written, List<PinnedInput> inputs, String run, int attempt) {
    return new AttemptCall(
        spec.name(),
        run,
        id.attempt(written.name(), attempt),
        rowsOnly(written),
        inputs,
        spec.inputs().stream().map(Remaker::rowsOnly).toList(),
        Collections.emptySortedMap(),
        spec.modelClasses(),
        null);
  }

  private Remade make(AttemptCall call, StepCode code, Map<String, Long> bases) throws Exception {
    StepSpec step = call.step();
    Thread.currentThread().setContextClassLoader(backend.steps());
    try (AttemptSession session = backend.sessions().get().open(call);
        Watch.Guard guard = watch.guard(step, session)) {
      StepBinder.Bound bound = new StepBinder(backend.steps()).bind(step, code.className());
      session.auditInputs();
      Staged staged = session.stage(bound.run(session.context()));
      Waiving waiving = new Waiving(backend.gates(), backend.clock(), spec.name());
      Replacements replacements = new Replacements(backend.tables());
      Merges merges = new Merges(session, backend.tables(), bases, Remaker::whereItIs);
      Sieve.Judged judged = new Sieve(session, call, waiving, merges, replacements).judge(staged);
      guard.check();
      return new Remade(judged.audits(), staged.models(), staged.registered());
    }
  }

  private SortedMap<String, Provenance> provenance(List<PinnedInput> inputs, Original original) {
    Ancestry then = new Ancestry(spec, original.entries(), original.sources());
    return new Provenances(backend.reuse(), backend.registry(), spec.name(), original.warehouse())
        .of(inputs, then);
  }

  /** What was published lies in the warehouse, and not where this attempt writes. */
  private static TableLog.Snapshot whereItIs(TableLog.Snapshot published) {
    List<DataFile> files =
        published.files().stream()
            .map(
                file ->
                    file.path().contains(":/") || file.path().startsWith("/")
                        ? file
                        : new DataFile(
                            published.uri() + "/" + file.path(),
                            file.partition(),
                            file.size(),
                            file.modifiedMillis(),
                            file.rows(),
                            file.stats()))
            .toList();
    return new TableLog.Snapshot(
        published.uri(),
        published.version(),
        published.tableId(),
        published.schemaJson(),
        published.partitionBy(),
        files,
        published.viaSpark(),
        published.lastDataChange());
  }

  private static StepSpec rowsOnly(StepSpec step) {
    List<OutputSpec> outputs =
        step.outputs().stream().map(output -> output.withGate(output.gate().ofRows())).toList();
    return new StepSpec(
        step.name(), step.uses(), step.inputs(), step.params(), outputs, step.runtime(), step.at());
  }

  private static InputSpec rowsOnly(InputSpec input) {
    return input.withGate(input.gate().ofRows());
  }
}
