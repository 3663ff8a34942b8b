package io.mlpipeline.run;

import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.plan.History;
import io.mlpipeline.plan.Need;
import io.mlpipeline.plan.OutputState;
import io.mlpipeline.plan.Planner;
import io.mlpipeline.plan.RunPlan;
import io.mlpipeline.port.ModelRegistry;
import io.mlpipeline.port.ModelStore;
import io.mlpipeline.port.ReuseIndex;
import io.mlpipeline.port.TableLog;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the planner, fetches all that it lacks at once, and asks again until it lacks nothing. */
public final class PlanResolver {

  /** Fewer needs than this are fetched one by one: starting threads would cost more. */
  private static final int WORTH_THREADS = 24;

  private final PipelineSpec spec;
  private final RunRequest request;
  private final Map<String, StepCode> code;
  private final TableLog tables;
  private final ModelStore models;
  private final ReuseIndex reuse;
  private final ModelRegistry registry;

  public PlanResolver(
      PipelineSpec spec,
      RunRequest request,
      Map<String, StepCode> code,
      TableLog tables,
      ModelStore models,
      ReuseIndex reuse,
      ModelRegistry registry) {
    this.spec = spec;
    this.request = request;
    this.code = Map.copyOf(code);
    this.tables = tables;
    this.models = models;
    this.reuse = reuse;
    this.registry = registry;
  }

  /** The plan that lacks nothing, and the history that it rests on. */
  public Resolved resolve(History known) {
    History history = known;
    while (true) {
      RunPlan plan = Planner.plan(spec, request, code, history);
      if (plan.needs().isEmpty()) {
        return new Resolved(plan, history);
      }
      history = fetch(plan.needs(), history);
    }
  }

  /** A plan and what it rests on. */
  public record Resolved(RunPlan plan, History history) {}

  private History fetch(List<Need> needs, History history) {
    Map<String, Optional<ReuseEntry>> entries = new HashMap<>(history.entries());
    Map<String, OutputState> outputs = new HashMap<>(history.outputs());
    Map<String, Boolean> rejected = new HashMap<>(history.rejectedFiles());
    Map<String, Optional<PartitionSet>> partitions = new HashMap<>(history.partitions());
    for (Answer answer : answers(needs)) {
      if (answer.need() instanceof Need.Entry entry) {
        entries.put(History.entryKey(entry.step(), entry.fingerprint()), answer.entry());
      } else if (answer.need() instanceof Need.Output output) {
        outputs.put(History.outputKey(output.version()), answer.state());
      } else if (answer.need() instanceof Need.Rejected kept) {
        rejected.put(
            kept.table().uri() + "@" + kept.table().attempt(), answer.state() != OutputState.GONE);
      } else if (answer.need() instanceof Need.Partitions wanted) {
        partitions.put(History.partitionsKey(wanted), answer.partitions());
      }
    }
    return new History(
        history.sources(), history.last(), entries, outputs, rejected, partitions, history.done());
  }

  private record Answer(
      Need need, Optional<ReuseEntry> entry, OutputState state, Optional<PartitionSet> partitions) {

    Answer(Need need, Optional<ReuseEntry> entry, OutputState state) {
      this(need, entry, state, Optional.empty());
    }
  }

  private Collection<Answer> answers(List<Need> needs) {
    if (needs.size() < WORTH_THREADS) {
      return needs.stream().map(this::answer).toList();
    }
    return needs.parallelStream().map(this::answer).toList();
  }

  private Answer answer(Need need) {
    if (need instanceof Need.Entry entry) {
      return new Answer(
          need, reuse.find(spec.name(), entry.step(), entry.fingerprint()), OutputState.HEAD);
    }
    if (need instanceof Need.Output output) {
      return new Answer(need, Optional.empty(), state(output.version()));
    }
    if (need instanceof Need.Partitions wanted) {
      return new Answer(
          need, Optional.empty(), OutputState.HEAD, TableParts.find(tables, reuse, wanted));
    }
    Need.Rejected kept = (Need.Rejected) need;
    boolean there = tables.allPresent(kept.table().uri(), kept.table().files());
    return new Answer(need, Optional.empty(), there ? OutputState.HEAD : OutputState.GONE);
  }

  private OutputState state(OutputVersion version) {
    if (version.kind() == OutputKind.MODEL) {
      return models.isReadable(spec.name(), version) ? OutputState.HEAD : OutputState.GONE;
    }
    if (version.kind() == OutputKind.REGISTRATION) {
      boolean isKnown = registry.state(version.name()).findDigest(version.digest()).isPresent();
      return isKnown ? OutputState.HEAD : OutputState.GONE;
    }
    OptionalLong head = tables.findHead(version.uri());
    if (head.isEmpty()) {
      return OutputState.GONE;
    }
    if (head.getAsLong() == version.version()) {
      return OutputState.HEAD;
    }
    if (Heads.sameContent(tables, version).isPresent()) {
      return OutputState.HEAD;
    }
    return tables
        .find(version.uri(), version.version())
        .filter(s -> tables.allPresent(version.uri(), s.files()))
        .map(s -> OutputState.READABLE)
        .orElse(OutputState.GONE);
  }
}
