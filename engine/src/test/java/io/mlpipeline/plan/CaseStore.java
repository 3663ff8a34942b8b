package io.mlpipeline.plan;

import io.mlpipeline.model.Canonical;
import io.mlpipeline.model.DataFile;
import io.mlpipeline.model.GateReport;
import io.mlpipeline.model.LastState;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.OutputVersion;
import io.mlpipeline.model.PartitionSet;
import io.mlpipeline.model.PartitionWork;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RuleOutcome;
import io.mlpipeline.model.StagedTable;
import io.mlpipeline.model.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a warehouse is to the planner: tables with a head, entries, and the last state. */
final class CaseStore {

  final SortedMap<String, ReuseEntry> last = new TreeMap<>();
  final List<ReuseEntry> entries = new ArrayList<>();
  final Map<String, String> contents = new HashMap<>();
  final Set<String> gone = new HashSet<>();
  final Map<String, PartitionSet> sets = new HashMap<>();
  private int named;
  boolean rejectedFiles = true;
  private final Map<String, List<String>> tables = new HashMap<>();

  LastState lastState() {
    return new LastState("churn", last);
  }

  /** Adds a version; nothing if the content is the head's. */
  long publish(String table, String digest) {
    List<String> versions = tables.computeIfAbsent(table, k -> new ArrayList<>());
    if (versions.isEmpty() || !versions.get(versions.size() - 1).equals(digest)) {
      versions.add(digest);
    }
    return versions.size();
  }

  private OutputState state(OutputVersion output) {
    if (gone.contains(output.name() + "@" + output.version())) {
      return OutputState.GONE;
    }
    boolean head =
        output.kind() == OutputKind.MODEL
            || tables.get(output.name()).size() == (int) output.version();
    return head ? OutputState.HEAD : OutputState.READABLE;
  }

  /** Newest success, else newest rejection: the contract of the reuse index. */
  private Optional<ReuseEntry> find(String step, String fingerprint) {
    ReuseEntry best = null;
    for (ReuseEntry entry : entries) {
      boolean fits = entry.step().equals(step) && entry.fingerprint().sha256().equals(fingerprint);
      if (fits && (best == null || entry.verdict() != Verdict.REJECT || rejected(best))) {
        best = entry;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean rejected(ReuseEntry entry) {
    return entry.verdict() == Verdict.REJECT;
  }

  /** What the shell does with needs. */
  History answer(History history, List<Need> needs) {
    Map<String, Optional<ReuseEntry>> found = new HashMap<>(history.entries());
    Map<String, OutputState> states = new HashMap<>(history.outputs());
    Map<String, Boolean> files = new HashMap<>(history.rejectedFiles());
    Map<String, Optional<PartitionSet>> parts = new HashMap<>(history.partitions());
    for (Need need : needs) {
      if (need instanceof Need.Entry e) {
        found.put(History.entryKey(e.step(), e.fingerprint()), find(e.step(), e.fingerprint()));
      } else if (need instanceof Need.Output o) {
        states.put(History.outputKey(o.version()), state(o.version()));
      } else if (need instanceof Need.Rejected r) {
        files.put(r.table().uri() + "@" + r.table().attempt(), rejectedFiles);
      } else if (need instanceof Need.Partitions p) {
        parts.put(History.partitionsKey(p), Optional.ofNullable(sets.get(p.set())));
      }
    }
    return new History(
        history.sources(), history.last(), found, states, files, parts, history.done());
  }

  /** Computes, judges and publishes as the runner would. */
  History.Done execute(StepDecision decision, String run) {
    OutputSpec out = decision.step().outputs().get(0);
    boolean model = out.port().equals("model");
    String content =
        contents.getOrDefault(out.name(), decision.fingerprint().sha256().substring(0, 32));
    boolean rejected = out.gate().rules().stream().anyMatch(r -> r.text().contains("FALSE"));
    List<OutputVersion> published = new ArrayList<>();
    if (decision.decision() == Decision.REAUDIT && !decision.entry().outputs().isEmpty()) {
      published.addAll(decision.entry().outputs());
    } else if (!rejected && decision.partitions() != null) {
      published.add(byPartition(out, decision.partitions()));
    } else if (!rejected) {
      published.add(version(out, model, content));
    }
    ReuseEntry entry = entry(decision, run, rejected ? List.of() : published, rejected);
    entries.add(entry);
    if (!rejected || decision.partitions() == null) {
      last.put(entry.step(), entry);
    }
    return new History.Done(!rejected, rejected ? List.of() : published);
  }

  /** The digest of a partition follows from its key, unless its content is said. */
  private OutputVersion byPartition(OutputSpec out, PartitionWork work) {
    SortedMap<String, PartitionSet.Part> parts = new TreeMap<>(work.kept().partitions());
    parts.keySet().removeIf(name -> !work.stays(name));
    work.keys()
        .forEach(
            (name, key) -> {
              String of = contents.getOrDefault(out.name() + "/" + name, key);
              String hash = new Canonical().text(of).hex().substring(0, 32);
              parts.put(name, new PartitionSet.Part("c1:1:" + hash, key));
            });
    PartitionSet set = new PartitionSet(parts);
    String digest = set.digest().toString();
    String name = "set" + ++named;
    sets.put(name, set);
    return new OutputVersion(
            OutputKind.TABLE,
            out.port(),
            out.name(),
            "churn/" + out.name(),
            publish(out.name(), digest),
            digest,
            "s1",
            parts.size(),
            1000,
            null)
        .withPartitions(name);
  }

  private OutputVersion version(OutputSpec out, boolean model, String content) {
    String name = out.name();
    if (model) {
      return new OutputVersion(
          OutputKind.MODEL,
          out.port(),
          name,
          "_ml/models/" + name,
          0,
          "m1:" + content,
          null,
          0,
          1,
          null);
    }
    long version = publish(name, content);
    return new OutputVersion(
        OutputKind.TABLE,
        out.port(),
        name,
        "churn/" + name,
        version,
        content,
        "s1",
        100,
        1000,
        null);
  }

  private static ReuseEntry entry(
      StepDecision decision, String run, List<OutputVersion> outputs, boolean rejected) {
    OutputSpec out = decision.step().outputs().get(0);
    String attempt = run + "-" + decision.step().name() + "-1";
    List<RuleOutcome> outcomes =
        out.gate().rules().stream()
            .map(r -> new RuleOutcome(r, !r.text().contains("FALSE"), null, new TreeMap<>()))
            .toList();
    StagedTable staged =
        new StagedTable(
            out.port(), out.name(), "churn/" + out.name(), attempt, "{}", List.of(), files());
    return new ReuseEntry(
        "churn",
        decision.step().name(),
        decision.fingerprint(),
        decision.verdictKey(),
        rejected ? Verdict.REJECT : Verdict.PASS,
        run,
        attempt,
        Instant.EPOCH,
        outputs,
        new TreeMap<>(),
        rejected ? List.of(staged) : List.of(),
        List.of(),
        outcomes.isEmpty() ? List.of() : List.of(GateReport.of(out.name(), outcomes)));
  }

  private static List<DataFile> files() {
    return List.of(new DataFile("part-1.parquet", new TreeMap<>(), 10, 0, 1, null));
  }

  /** Makes the reused versions the head again. */
  History.Done reuse(StepDecision decision) {
    List<OutputVersion> now = new ArrayList<>();
    for (OutputVersion output : decision.entry().outputs()) {
      boolean restored = decision.restore().contains(output);
      now.add(restored ? output.atVersion(publish(output.name(), output.digest())) : output);
    }
    ReuseEntry e = decision.entry();
    last.put(
        e.step(),
        new ReuseEntry(
            e.pipeline(),
            e.step(),
            e.fingerprint(),
            e.verdictKey(),
            e.verdict(),
            e.run(),
            e.attempt(),
            e.at(),
            now,
            e.metrics(),
            e.rejected(),
            e.rejectedModels(),
            e.gates()));
    return new History.Done(true, now);
  }
}
