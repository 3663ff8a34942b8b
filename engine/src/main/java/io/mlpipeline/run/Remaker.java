package io.mlpipeline.run;

import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.RunId;
import io.mlpipeline.model.StagedModel;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.port.AttemptCall;
import io.mlpipeline.port.AttemptSession;
import io.mlpipeline.port.Audited;
import io.mlpipeline.port.Registered;
import io.mlpipeline.port.Staged;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Computes a step once more from given pins, up to staging: nothing is published, recorded or
 * delivered. Its gates do not judge, but rows that they set apart are set apart. Where it stages is
 * up to the sessions that it is given.
 */
public final class Remaker {

  private final Backend backend;
  private final PipelineSpec spec;
  private final RunId id;

  /**
   * A remaker of one pipeline's steps.
   *
   * @param backend its sessions write to a scratch place
   * @param id under which attempts are made; its time is the time of the step
   */
  public Remaker(Backend backend, PipelineSpec spec, RunId id) {
    this.backend = backend;
    this.spec = spec;
    this.id = id;
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
   * Computes it.
   *
   * @param inputs what its ports are bound to; tables by absolute URI or relative to the warehouse
   * @param attempt the number of the attempt, from 1
   */
  public Remade make(StepSpec written, StepCode code, List<PinnedInput> inputs, int attempt)
      throws Exception {
    StepSpec step = rowsOnly(written);
    Thread.currentThread().setContextClassLoader(backend.steps());
    AttemptCall call =
        new AttemptCall(
            spec.name(),
            id.value(),
            id.attempt(step.name(), attempt),
            step,
            inputs,
            spec.inputs().stream().map(Remaker::rowsOnly).toList(),
            Collections.emptySortedMap(),
            spec.modelClasses());
    try (AttemptSession session = backend.sessions().get().open(call)) {
      StepBinder.Bound bound = new StepBinder(backend.steps()).bind(step, code.className());
      session.auditInputs();
      Staged staged = session.stage(bound.run(session.context()));
      Waiving waiving = new Waiving(backend.gates(), backend.clock(), spec.name());
      Replacements replacements = new Replacements(backend.tables());
      Merges merges = new Merges(session, backend.tables(), Map.of());
      Sieve.Judged judged = new Sieve(session, call, waiving, merges, replacements).judge(staged);
      return new Remade(judged.audits(), staged.models(), staged.registered());
    }
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
