package io.mlpipeline.plan;

import io.mlpipeline.model.Fingerprint;
import io.mlpipeline.model.GateRule;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Ingredient;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.PartitionTime;
import io.mlpipeline.model.PinnedFile;
import io.mlpipeline.model.PinnedSource;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.ReuseEntry;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.Severity;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepCode;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Plays a case: lines such as {@code step train rows:features -> model:churn_lr}, {@code param
 * features window 20}, {@code baseline}, {@code plan --step train}. What {@code plan}, {@code run}
 * and {@code explain} say is the output.
 */
final class CaseScript {

  private record Source(
      String identity, boolean weak, String columns, String location, List<PinnedFile> files) {

    Source(String identity, boolean weak, String columns, String location) {
      this(identity, weak, columns, location, List.of());
    }
  }

  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Set<String> optional = new HashSet<>();
  private final Map<String, CaseStep> steps = new LinkedHashMap<>();
  private final Map<String, GateSpec> inputGates = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private final CaseStore store = new CaseStore();
  private final StringBuilder out = new StringBuilder();
  private int runs;

  String play(List<String> lines) {
    for (String line : lines) {
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        command(text.split("\\s+"));
      }
    }
    return out.toString();
  }

  private void command(String[] w) {
    switch (w[0]) {
      case "input" -> input(w);
      case "days" -> days(w, "day");
      case "hours" -> days(w, "hour");
      case "step" -> step(w);
      case "plan" -> plan(w);
      case "baseline" -> run(RunRequest.ALL, new StringBuilder());
      case "run" -> run(request(w), out);
      case "explain" -> explain(w[1]);
      case "check" -> check(w);
      case "lose" -> (w[1].equals("last") ? store.last.keySet() : store.entries).clear();
      case "gone" -> store.gone.add(w[1] + "@" + w[2]);
      case "rejected-files-gone" -> store.rejectedFiles = false;
      case "someone-writes" -> store.publish(w[1], "somebody else's");
      case "content" -> store.contents.put(w[1], w[2]);
      case "lose-partitions" -> store.sets.clear();
      case "older-semantics" -> {
        store.last.replaceAll((k, e) -> olderSemantics(e));
        store.entries.replaceAll(CaseScript::olderSemantics);
      }
      case "input-gate" -> inputGates.put(w[1], inputGate(w));
      case "move-file" -> steps.values().forEach(s -> s.line += 100);
      case "rename" -> steps.get(w[1]).name = w[2];
      default -> change(w);
    }
  }

  private void change(String[] w) {
    CaseStep step = steps.get(w[1]);
    switch (w[0]) {
      case "param" -> step.param(w[2], w[3]);
      case "default" -> step.defaults.put(w[2], w[3]);
      case "code" -> step.parts.put(w[2], w[3]);
      case "no-code" -> step.parts.remove(w[2]);
      case "gate" -> step.rule(w[2], w[3], String.join(" ", Arrays.asList(w).subList(4, w.length)));
      case "references" -> step.references = List.of(w[2].split(","));
      case "no-gate" -> step.gate.clear();
      case "columns" -> step.columns = w[2];
      case "keys" -> step.keys = List.of(w[2].split(","));
      case "partition" -> step.partition = List.of(w[2].split(","));
      case "reads" -> step.use(w[2], w[3]);
      case "as" -> step.output = w[2];
      case "retries" -> step.retries = Integer.parseInt(w[2]);
      case "non-deterministic" -> step.deterministic = false;
      case "fails" -> failing.add(w[1]);
      default -> throw new IllegalArgumentException(String.join(" ", w));
    }
  }

  private void input(String[] w) {
    List<String> words = Arrays.asList(w);
    if (words.contains("optional")) {
      optional.add(w[1]);
    }
    if (words.contains("missing")) {
      sources.put(w[1], new Source("", false, "", ""));
      return;
    }
    boolean weak = words.contains("weak");
    String columns =
        words.stream()
            .filter(t -> t.startsWith("columns="))
            .map(t -> t.substring(8))
            .findAny()
            .orElse("");
    String location =
        words.stream()
            .filter(t -> t.startsWith("at="))
            .map(t -> t.substring(3))
            .findAny()
            .orElse("/data");
    sources.put(w[1], new Source(w[2], weak, columns, location));
  }

  /** {@code days NAME 2024-06-01=a 2024-06-02=b}: files that say their day, or their hour. */
  private void days(String[] w, String column) {
    List<PinnedFile> files = new ArrayList<>();
    for (String day : Arrays.asList(w).subList(2, w.length)) {
      String[] pair = day.split("=");
      String name = pair.length == 1 ? day : column + "=" + pair[0] + "/part.csv";
      String content = "sha256:" + pair[pair.length - 1];
      files.add(new PinnedFile("file:/data/" + name, name, 1, 0, content));
    }
    String identity = String.join(" ", Arrays.asList(w).subList(2, w.length));
    sources.put(w[1], new Source(identity, false, "", "/data", files));
  }

  /** {@code input-gate NAME REFERENCE RULE}. */
  private static GateSpec inputGate(String[] w) {
    String text = String.join(" ", Arrays.asList(w).subList(3, w.length));
    GateRule rule = new GateRule("i1", Severity.BLOCK, text, new SourceLocation("churn.conf", 1));
    return new GateSpec(List.of(rule), 0, List.of(w[2]));
  }

  private void step(String[] w) {
    CaseStep step = new CaseStep(w[1]);
    step.line = steps.size() + 1;
    for (int i = 2; i < w.length; i++) {
      String[] pair = w[i].split(":");
      if (w[i - 1].equals("->")) {
        step.port = pair[0];
        step.output = pair[1];
      } else if (pair.length == 2) {
        step.inputs.put(pair[0], pair[1]);
      }
    }
    steps.put(w[1], step);
  }

  private PipelineSpec spec() {
    SourceLocation at = new SourceLocation("churn.conf", 1);
    List<InputSpec> inputs = new ArrayList<>();
    sources.forEach(
        (name, s) ->
            inputs.add(
                new InputSpec(
                    name,
                    InputKind.FILES,
                    s.location().isEmpty() ? "/data/" + name : s.location(),
                    "csv",
                    new TreeMap<>(),
                    null,
                    CaseStep.schema(s.columns(), List.of()),
                    null,
                    inputGates.getOrDefault(name, GateSpec.OPEN),
                    optional.contains(name)
                        ? InputSpec.Presence.OPTIONAL
                        : InputSpec.Presence.REQUIRED,
                    List.of(),
                    null,
                    at)));
    List<StepSpec> specs = steps.values().stream().map(CaseStep::spec).toList();
    return new PipelineSpec("churn", "local", inputs, specs, List.of(), at);
  }

  private Map<String, StepCode> code() {
    Map<String, StepCode> code = new HashMap<>();
    steps.values().forEach(s -> code.put(s.name, s.code()));
    return code;
  }

  private History history() {
    Map<String, PinnedSource> pinned = new HashMap<>();
    sources.forEach(
        (name, s) -> {
          if (!s.identity().isEmpty()) {
            pinned.put(
                name,
                new PinnedSource(
                    name,
                    InputKind.FILES,
                    s.location(),
                    -1,
                    s.identity(),
                    s.weak(),
                    s.files(),
                    10));
          }
        });
    return new History(pinned, store.lastState(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  private static RunRequest request(String[] w) {
    Map<String, String> options = new HashMap<>();
    Set<String> forced = new HashSet<>();
    boolean all = false;
    for (int i = 1; i < w.length; i++) {
      boolean last = i + 1 == w.length || w[i + 1].startsWith("--");
      if (w[i].equals("--force") && last) {
        all = true;
      } else if (w[i].equals("--force")) {
        forced.add(w[++i]);
      } else {
        options.put(w[i], w[++i]);
      }
    }
    return new RunRequest(
        options.get("--step"),
        options.get("--from-step"),
        options.get("--to-step"),
        forced,
        all,
        new PartitionChoice(
            date(options.get("--from")),
            date(options.get("--to")),
            Integer.parseInt(options.getOrDefault("--limit-partitions", "0")),
            options.containsKey("--from")
                ? PartitionChoice.Steps.BY_PARTITION
                : PartitionChoice.Steps.ALL));
  }

  private static PartitionTime date(String text) {
    return text == null ? null : PartitionTime.find(text).orElseThrow();
  }

  private void check(String[] w) {
    out.append(String.join(" ", w)).append('\n');
    for (Problem problem : GraphCheck.problems(spec(), request(w))) {
      out.append("  ").append(problem).append('\n');
    }
  }

  private void plan(String[] w) {
    RunRequest request = request(w);
    if (!GraphCheck.problems(spec(), request).isEmpty()) {
      check(w);
      return;
    }
    out.append(String.join(" ", w)).append('\n');
    Settled settled = settle(request, history());
    for (StepDecision d : settled.plan().decisions()) {
      show(d, out);
    }
    out.append("  asked for ").append(settled.entries()).append(" entries and ");
    out.append(settled.others()).append(" states in ").append(settled.rounds()).append(" rounds");
    out.append(settled.plan().nothingToDo() ? "; nothing to do\n" : "\n");
  }

  private static void show(StepDecision d, StringBuilder to) {
    Reason reason = d.reason();
    to.append(
        String.format(
            Locale.ROOT,
            "  %-9s %-8s %-20s %s\n",
            d.step().name(),
            d.decision().word(),
            reason.kind(),
            reason.text()));
    if (d.stale() != null) {
      to.append("            stale: ").append(d.stale()).append('\n');
    }
    d.restore().forEach(o -> to.append("            restore: ").append(name(o)).append('\n'));
  }

  private static String name(io.mlpipeline.model.OutputVersion o) {
    return o.name() + "@v" + o.version();
  }

  private record Settled(RunPlan plan, History history, int rounds, int entries, int others) {}

  /** Asks and answers until nothing is lacking. */
  private Settled settle(RunRequest request, History history) {
    History now = history;
    int rounds = 0;
    int entries = 0;
    int others = 0;
    RunPlan plan = Planner.plan(spec(), request, code(), now);
    while (!plan.needs().isEmpty()) {
      rounds++;
      int asked = (int) plan.needs().stream().filter(n -> n instanceof Need.Entry).count();
      entries += asked;
      others += plan.needs().size() - asked;
      now = store.answer(now, plan.needs());
      plan = Planner.plan(spec(), request, code(), now);
    }
    return new Settled(plan, now, rounds, entries, others);
  }

  private void run(RunRequest request, StringBuilder to) {
    String run = "r" + (++runs);
    to.append("run ").append(run).append('\n');
    History history = history();
    for (int i = 0; i < steps.size(); i++) {
      Settled settled = settle(request, history);
      history = settled.history();
      for (StepDecision d : settled.plan().decisions()) {
        boolean works =
            switch (d.decision()) {
              case EXECUTE, REAUDIT, REUSE -> true;
              default -> false;
            };
        if (works && !history.done().containsKey(d.step().name())) {
          History.Done done = work(d, run);
          show(d, to);
          done.outputs().forEach(o -> to.append("            -> ").append(name(o)).append('\n'));
          history = history.with(d.step().name(), done);
          break;
        }
      }
    }
    for (StepDecision d : settle(request, history).plan().decisions()) {
      if (!history.done().containsKey(d.step().name())) {
        show(d, to);
      }
    }
  }

  private History.Done work(StepDecision d, String run) {
    if (d.decision() == Decision.REUSE) {
      return store.reuse(d);
    }
    if (failing.contains(d.step().name())) {
      return new History.Done(false, List.of());
    }
    return store.execute(d, run);
  }

  private void explain(String step) {
    Settled settled = settle(RunRequest.ALL, history());
    StepDecision decision = settled.plan().decision(step).orElseThrow();
    out.append("explain ").append(step).append('\n');
    Explanation.lines(decision, settled.history())
        .forEach(line -> out.append("  ").append(line).append('\n'));
  }

  /** As if the engine that wrote the entry had computed with other semantics. */
  private static ReuseEntry olderSemantics(ReuseEntry e) {
    List<Ingredient> other =
        e.fingerprint().ingredients().stream()
            .map(
                i ->
                    i.name().equals("engine-semantics")
                        ? new Ingredient(i.kind(), i.name(), "0")
                        : i)
            .toList();
    Fingerprint key = Fingerprints.of(other);
    return new ReuseEntry(
        e.pipeline(),
        e.step(),
        key,
        e.verdictKey(),
        e.verdict(),
        e.run(),
        e.attempt(),
        e.at(),
        e.outputs(),
        e.metrics(),
        e.rejected(),
        e.rejectedModels(),
        e.gates());
  }
}
