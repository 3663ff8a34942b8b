package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about one step, and why.
 *
 * @param step the step
 * @param decision what is to be done
 * @param reason why
 * @param inputs what its ports are bound to, and what only its gates look at ({@link
 *     PinnedInput#isOfGate}); empty while the decision is AWAIT, BLOCKED or SKIP
 * @param fingerprint what decides reuse; null while an input is unknown
 * @param verdictKey hash over the step's gates, and what they look at beside
 * @param entry the entry that is reused or judged again; null otherwise
 * @param restore outputs of the entry that are not the head of their table and must be restored as
 *     such, so that every reader sees what the run says
 * @param stale a warning about inputs that are taken as published although their steps would run;
 *     null if there is nothing to say
 * @param partitions which partitions are to be made; null unless a partitioned step is computed
 */
public record StepDecision(
    StepSpec step,
    Decision decision,
    Reason reason,
    List<PinnedInput> inputs,
    @Nullable Fingerprint fingerprint,
    String verdictKey,
    @Nullable ReuseEntry entry,
    List<OutputVersion> restore,
    @Nullable String stale,
    @Nullable PartitionWork partitions) {

  public StepDecision {
    inputs = List.copyOf(inputs);
    restore = List.copyOf(restore);
  }

  /** The same decision about the step as it is run now; nothing that decides is in that. */
  public StepDecision withStep(StepSpec other) {
    return new StepDecision(
        other,
        decision,
        reason,
        inputs,
        fingerprint,
        verdictKey,
        entry,
        restore,
        stale,
        partitions);
  }

  /** The same decision about some of the partitions. */
  public StepDecision making(PartitionWork some, Reason why) {
    return new StepDecision(
        step, decision, why, inputs, fingerprint, verdictKey, entry, restore, stale, some);
  }

  /** The same decision with a warning. */
  StepDecision warning(String text) {
    return new StepDecision(
        step, decision, reason, inputs, fingerprint, verdictKey, entry, restore, text, partitions);
  }
}
