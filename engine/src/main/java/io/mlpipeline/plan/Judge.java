package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides about one step whose inputs are all known: execute, judge again or reuse. */
final class Judge {

  private final Knowledge known;
  private final PipelineSpec spec;
  private final StepSpec step;
  private final List<PinnedInput> inputs;
  private final Fingerprint fingerprint;
  private final String verdictKey;

  Judge(
      Knowledge known,
      PipelineSpec spec,
      StepSpec step,
      List<PinnedInput> inputs,
      Fingerprint fingerprint) {
    this.known = known;
    this.spec = spec;
    this.step = step;
    this.inputs = inputs;
    this.fingerprint = fingerprint;
    this.verdictKey =
        VerdictKey.of(spec, step, inputs.stream().filter(PinnedInput::isOfGate).toList());
  }

  StepDecision forced() {
    return execute(ReasonKind.FORCED, "forced", List.of());
  }

  StepDecision decide() {
    ReuseEntry last = known.last(step.name());
    boolean same = last != null && last.fingerprint().sha256().equals(fingerprint.sha256());
    if (last != null && same && Knowledge.success(last)) {
      return judgeSuccess(last);
    }
    ReuseEntry entry = known.entry(step.name(), fingerprint.sha256());
    ReuseEntry found = entry == null && same ? last : entry;
    if (found == null) {
      return fresh(last);
    }
    return Knowledge.success(found) ? judgeSuccess(found) : judgeRejected(found);
  }

  private StepDecision fresh(@Nullable ReuseEntry last) {
    if (last == null) {
      return execute(ReasonKind.FIRST_RUN, "first run", List.of());
    }
    Differences diff = Differences.between(last.fingerprint(), fingerprint);
    return execute(ReasonKind.INGREDIENTS_CHANGED, diff.text() + asked(), diff.changes());
  }

  /** Takes, restores or judges again what was published. */
  StepDecision judgeSuccess(ReuseEntry entry) {
    List<OutputVersion> restore = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    List<String> overtaken = new ArrayList<>();
    for (OutputVersion output : entry.outputs()) {
      switch (known.state(output)) {
        case HEAD -> {}
        case READABLE -> {
          if (merges(output)) {
            overtaken.add(name(output));
          } else {
            restore.add(output);
          }
        }
        case GONE -> gone.add(name(output));
      }
    }
    if (!gone.isEmpty()) {
      String text = String.join(", ", gone) + " of run " + entry.run() + " cannot be read any more";
      return execute(ReasonKind.OUTPUT_GONE, text, List.of());
    }
    if (!overtaken.isEmpty()) {
      return execute(ReasonKind.HEAD_MOVED, mergedAgain(entry, overtaken), List.of());
    }
    if (!entry.verdictKey().equals(verdictKey)) {
      Differences diff = Differences.ofGates(entry, verdictKey, spec, step);
      Reason why = new Reason(ReasonKind.GATE_CHANGED, diff.text(), diff.changes());
      return decision(Decision.REAUDIT, why, entry, restore);
    }
    Reason why = reuse(entry, restore);
    List<String> delivered = restore.stream().filter(this::isDelivered).map(Judge::name).toList();
    if (!delivered.isEmpty()) {
      String text = why.text() + " and delivers what it holds";
      return decision(
          Decision.REAUDIT, new Reason(why.kind(), text, why.changes()), entry, restore);
    }
    return decision(Decision.REUSE, why, entry, restore);
  }

  private boolean isDelivered(OutputVersion output) {
    return step.output(output.port()).filter(o -> o.sink() != null).isPresent();
  }

  /** What others wrote into the table since then would be lost if it were taken back. */
  private boolean merges(OutputVersion output) {
    return step.output(output.port()).filter(OutputSpec::merges).isPresent();
  }

  private static String mergedAgain(ReuseEntry entry, List<String> overtaken) {
    return String.join(", ", overtaken)
        + " of run "
        + entry.run()
        + " is not the newest version any more: merged again into what is there now";
  }

  private Reason reuse(ReuseEntry entry, List<OutputVersion> restore) {
    String tail =
        (restore.isEmpty() ? "" : "; restores " + String.join(", ", names(restore))) + weakness();
    ReuseEntry last = known.last(step.name());
    if (last == null) {
      return new Reason(ReasonKind.SEEN_BEFORE, "computed by run " + entry.run() + tail, List.of());
    }
    if (!last.attempt().equals(entry.attempt()) || !last.run().equals(entry.run())) {
      Differences diff = Differences.between(last.fingerprint(), fingerprint);
      String since = diff.changes().isEmpty() ? "" : diff.text() + ": ";
      String text = since + "computed by run " + entry.run() + tail;
      return new Reason(ReasonKind.SEEN_BEFORE, text, diff.changes());
    }
    if (!restore.isEmpty()) {
      String text = "unchanged since run " + entry.run() + ", but somebody else wrote" + tail;
      return new Reason(ReasonKind.HEAD_MOVED, text, List.of());
    }
    String text = "unchanged since run " + entry.run() + tail;
    return new Reason(ReasonKind.UNCHANGED, text, List.of());
  }

  private String weakness() {
    List<String> weak = new ArrayList<>();
    for (PinnedInput input : inputs) {
      PinnedSource source = input.source();
      if (source != null && source.weak()) {
        weak.add(input.port());
      }
    }
    return weak.isEmpty() ? "" : " (input " + String.join(", ", weak) + " by size and time only)";
  }

  /** Says why a step that reads a database is never unchanged. */
  private String asked() {
    List<String> databases = new ArrayList<>();
    for (PinnedInput input : inputs) {
      PinnedSource source = input.source();
      if (source != null && source.kind() == InputKind.JDBC) {
        databases.add(input.port());
      }
    }
    return databases.isEmpty()
        ? ""
        : " (input "
            + String.join(", ", databases)
            + " is a database: asked every run; steps below run only if the rows changed)";
  }

  private StepDecision judgeRejected(ReuseEntry entry) {
    String run = "rejected by run " + entry.run();
    if (entry.rejected().isEmpty()) {
      String text = run + ", which kept no files";
      return execute(ReasonKind.REJECTED_FILES_GONE, text, List.of());
    }
    if (!known.filesThere(entry.rejected())) {
      String text = run + ", and its files are gone";
      return execute(ReasonKind.REJECTED_FILES_GONE, text, List.of());
    }
    if (entry.verdictKey().equals(verdictKey)) {
      Reason why = new Reason(ReasonKind.REJECTED_BEFORE, run + " by the same gates", List.of());
      return decision(Decision.REAUDIT, why, entry, List.of());
    }
    Differences diff = Differences.ofGates(entry, verdictKey, spec, step);
    String text = run + "; since then " + diff.text();
    Reason why = new Reason(ReasonKind.REJECTED_BEFORE, text, diff.changes());
    return decision(Decision.REAUDIT, why, entry, List.of());
  }

  private static List<String> names(List<OutputVersion> outputs) {
    return outputs.stream().map(Judge::name).toList();
  }

  private static String name(OutputVersion output) {
    return switch (output.kind()) {
      case TABLE -> output.name() + "@v" + output.version();
      case MODEL, REGISTRATION -> output.name();
    };
  }

  StepSpec step() {
    return step;
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  List<PinnedInput> inputs() {
    return inputs;
  }

  /** The hash over what the gates ask now. */
  String verdictKey() {
    return verdictKey;
  }

  /** How the gates that judged an entry differ from those of now. */
  Differences gatesSince(ReuseEntry entry) {
    return Differences.ofGates(entry, verdictKey, spec, step);
  }

  /** A decision about this step whose inputs are known. */
  StepDecision decision(Decision decision, Reason why) {
    return decision(decision, why, null, List.of());
  }

  private StepDecision execute(ReasonKind kind, String text, List<IngredientChange> changes) {
    return decision(Decision.EXECUTE, new Reason(kind, text, changes), null, List.of());
  }

  private StepDecision decision(
      Decision decision, Reason why, @Nullable ReuseEntry entry, List<OutputVersion> restore) {
    return new StepDecision(
        step, decision, why, inputs, fingerprint, verdictKey, entry, restore, null, null);
  }
}
