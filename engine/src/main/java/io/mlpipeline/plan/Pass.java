package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PinnedInput;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One pass over the steps, from the inputs down. A step that is not selected but that a selected
 * one needs is decided too, for itself and as if it were selected: that says if what it published
 * is stale.
 */
final class Pass {

  private final PipelineSpec spec;
  private final Graph graph;
  private final RunRequest request;
  private final Map<String, StepCode> code;
  private final Knowledge known;
  private final Map<String, InputSpec> externals = new HashMap<>();
  private final Set<String> selected;
  private final Set<String> relevant;

  /** What readers of the same kind see: selected steps of selected, left-out steps of left-out. */
  private final Map<String, Flow> flows = new HashMap<>();

  /** What selected readers see of left-out steps. */
  private final Map<String, Flow> published = new HashMap<>();

  private final Map<String, String> staleness = new HashMap<>();

  Pass(PipelineSpec spec, RunRequest request, Map<String, StepCode> code, History history) {
    this.spec = spec;
    this.graph = new Graph(spec);
    this.request = request;
    this.code = code;
    this.known = new Knowledge(history);
    spec.inputs().forEach(input -> externals.put(input.name(), input));
    this.selected = Selection.of(graph, request);
    this.relevant = graph.withAncestors(selected);
  }

  RunPlan plan() {
    List<StepDecision> decisions = new ArrayList<>();
    for (StepSpec step : graph.ordered()) {
      if (selected.contains(step.name())) {
        decisions.add(decideSelected(step));
      } else {
        if (relevant.contains(step.name())) {
          lookAtLeftOut(step);
        }
        decisions.add(
            plain(
                step,
                Decision.SKIP,
                new Reason(ReasonKind.NOT_SELECTED, "not selected", List.of())));
      }
    }
    return new RunPlan(decisions, known.needs());
  }

  private StepDecision decideSelected(StepSpec step) {
    History.Done done = known.history().done().get(step.name());
    Knowledge asked = done == null ? known : new Knowledge(known.history());
    StepDecision decision = withStaleness(decide(step, asked));
    flows.put(step.name(), done == null ? flow(decision) : flow(step, done));
    return decision;
  }

  private void lookAtLeftOut(StepSpec step) {
    StepDecision wouldBe = decide(step, known);
    Flow flow = flow(wouldBe);
    flows.put(step.name(), flow);
    Flow offer = published(step, wouldBe);
    published.put(step.name(), offer);
    String why = wouldBe.reason().text();
    switch (wouldBe.decision()) {
      case EXECUTE -> stale(step, "it would run: " + why);
      case REAUDIT -> stale(step, "it would be judged again: " + why);
      case AWAIT -> stale(step, "what it reads may change: it " + why);
      case BLOCKED -> stale(step, "it could not run: " + why);
      case REUSE -> {
        if (!sameContent(flow, offer)) {
          stale(step, "another version is due: " + why);
        }
      }
      case SKIP -> {}
    }
  }

  private static boolean sameContent(Flow due, Flow offer) {
    return due.outputs().entrySet().stream()
        .allMatch(
            e -> {
              OutputVersion there = offer.outputs().get(e.getKey());
              return there != null && there.identity().equals(e.getValue().identity());
            });
  }

  private void stale(StepSpec step, String text) {
    staleness.put(step.name(), step.name() + " is taken as published, but " + text);
  }

  /** The newest success whose outputs can be read; what would be reused comes last. */
  private Flow published(StepSpec step, StepDecision wouldBe) {
    ReuseEntry last = known.last(step.name());
    if (last != null && !Knowledge.success(last)) {
      last = known.entry(step.name(), last.fingerprint().sha256());
    }
    if (!Knowledge.success(last) && wouldBe.decision() == Decision.REUSE) {
      last = wouldBe.entry();
    }
    if (last != null && Knowledge.success(last) && known.readable(last.outputs())) {
      return Flow.ready(last.outputs());
    }
    return Flow.blocked(
        ReasonKind.UPSTREAM_UNPUBLISHED,
        step.name() + " is not selected and has published nothing that can be read");
  }

  private StepDecision withStaleness(StepDecision d) {
    Set<String> texts = new TreeSet<>();
    Set<String> read = new TreeSet<>(d.step().inputs().values());
    read.addAll(Gates.referenced(spec, d.step()));
    for (String dataset : read) {
      String producer = graph.producer(dataset);
      if (producer != null && staleness.containsKey(producer)) {
        texts.add(staleness.getOrDefault(producer, ""));
      }
    }
    if (texts.isEmpty() || d.decision() == Decision.BLOCKED) {
      return d;
    }
    String own = d.stale();
    if (own != null) {
      texts.add(own);
    }
    return d.warning(String.join("; ", texts));
  }

  private StepDecision decide(StepSpec step, Knowledge asked) {
    Binding binding = new Binding();
    step.inputs().forEach((port, dataset) -> bind(binding, step, port, dataset));
    List<PinnedInput> read = List.copyOf(binding.bound());
    for (String dataset : Gates.referenced(spec, step)) {
      bind(binding, step, PinnedInput.gatePort(dataset), dataset);
    }
    Reason stop = binding.stop();
    if (stop != null) {
      boolean waits = stop.kind() == ReasonKind.UPSTREAM_PENDING;
      return plain(step, waits ? Decision.AWAIT : Decision.BLOCKED, stop);
    }
    StepCode its = code.get(step.name());
    if (its == null) {
      throw new IllegalArgumentException("nothing is known of the code of step " + step.name());
    }
    Fingerprint fingerprint = Fingerprints.of(step, its, read, externals);
    Judge judge = new Judge(asked, spec, step, binding.bound(), fingerprint);
    boolean forced = selected.contains(step.name()) && request.forces(step.name());
    if (step.isByPartition()) {
      PartitionChoice choice =
          selected.contains(step.name()) ? request.partitions() : PartitionChoice.ALL;
      StepPartitions parts = StepPartitions.of(step, its, read, externals, asked);
      return new PartitionJudge(asked, judge, parts, choice).decide(forced);
    }
    return forced ? judge.forced() : judge.decide();
  }

  private void bind(Binding binding, StepSpec reader, String port, String dataset) {
    String producer = graph.producer(dataset);
    if (producer == null) {
      PinnedSource source = known.history().sources().get(dataset);
      if (source == null && spec.input(dataset).map(InputSpec::isOptional).orElse(false)) {
        return; // the port is not bound
      }
      if (source == null) {
        String where = spec.input(dataset).map(input -> ": " + input.location()).orElse("");
        binding.block(ReasonKind.INPUT_MISSING, "input " + dataset + " is not there" + where);
      } else {
        binding.add(new PinnedInput(port, dataset, source, null));
      }
      return;
    }
    boolean across = selected.contains(reader.name()) && !selected.contains(producer);
    Flow flow = (across ? published : flows).get(producer);
    if (flow == null) {
      throw new IllegalStateException("step " + producer + " is on a cycle");
    }
    OutputVersion output = flow.outputs().get(dataset);
    if (flow.blocker() != null) {
      binding.block(flow.blocker(), flow.text());
    } else if (output == null) {
      binding.block(missing(across), producer + " did not publish " + dataset);
    } else {
      binding.add(new PinnedInput(port, dataset, null, output));
    }
  }

  private static ReasonKind missing(boolean across) {
    return across ? ReasonKind.UPSTREAM_UNPUBLISHED : ReasonKind.UPSTREAM_FAILED;
  }

  private static Flow flow(StepSpec step, History.Done done) {
    return done.ok()
        ? Flow.ready(done.outputs())
        : Flow.blocked(ReasonKind.UPSTREAM_FAILED, step.name() + " did not succeed");
  }

  private static Flow flow(StepDecision decision) {
    String name = decision.step().name();
    ReuseEntry entry = decision.entry();
    return switch (decision.decision()) {
      case REUSE -> Flow.ready(entry == null ? List.of() : entry.outputs());
      case EXECUTE, REAUDIT, AWAIT -> Flow.blocked(ReasonKind.UPSTREAM_PENDING, name);
      case BLOCKED, SKIP -> Flow.blocked(ReasonKind.UPSTREAM_FAILED, root(decision));
    };
  }

  /** A step far below is told of the step that is the cause, not of those between. */
  private static String root(StepDecision blocked) {
    String text = blocked.reason().text();
    return blocked.reason().kind() == ReasonKind.UPSTREAM_FAILED
        ? text
        : blocked.step().name() + " cannot run: " + text;
  }

  private StepDecision plain(StepSpec step, Decision decision, Reason why) {
    return new StepDecision(
        step,
        decision,
        why,
        List.of(),
        null,
        VerdictKey.of(spec, step),
        null,
        List.of(),
        null,
        null);
  }
}
