package io.mlpipeline.plan;

import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps and who reads whom; edges come from the names of datasets and models. */
final class Graph {

  private final PipelineSpec spec;
  private final List<StepSpec> steps;
  private final Map<String, Integer> position = new HashMap<>();
  private final Map<String, String> producers = new HashMap<>();
  private final Map<String, Set<String>> above = new HashMap<>();
  private final Map<String, Set<String>> below = new HashMap<>();

  Graph(PipelineSpec spec) {
    this.spec = spec;
    steps = spec.steps();
    for (StepSpec step : steps) {
      position.put(step.name(), position.size());
      above.put(step.name(), new LinkedHashSet<>());
      below.put(step.name(), new LinkedHashSet<>());
      for (OutputSpec output : step.outputs()) {
        producers.putIfAbsent(output.name(), step.name());
      }
    }
    for (StepSpec step : steps) {
      for (String dataset : step.inputs().values()) {
        connect(producers.get(dataset), step.name());
      }
      for (String dataset : Gates.referenced(spec, step)) {
        connect(producers.get(dataset), step.name());
      }
    }
  }

  private void connect(@Nullable String from, String to) {
    if (from != null) {
      above.getOrDefault(to, Set.of()).add(from);
      below.getOrDefault(from, Set.of()).add(to);
    }
  }

  List<StepSpec> steps() {
    return steps;
  }

  boolean has(String step) {
    return position.containsKey(step);
  }

  StepSpec step(String name) {
    return steps.get(position(name));
  }

  int position(String step) {
    return position.getOrDefault(step, -1);
  }

  /** The step that makes a dataset or model; null if none does. */
  @Nullable String producer(String dataset) {
    return producers.get(dataset);
  }

  /** What a step makes and its own gates look at. */
  List<String> ownReferences(StepSpec step) {
    return Gates.referenced(spec, step).stream()
        .filter(dataset -> step.name().equals(producer(dataset)))
        .toList();
  }

  /** The steps that read what a step makes. */
  Set<String> below(String step) {
    return below.getOrDefault(step, Set.of());
  }

  /** A step and everything that depends on it. */
  Set<String> withDescendants(String step) {
    return reach(Set.of(step), below);
  }

  /** Steps and everything that they need. */
  Set<String> withAncestors(Set<String> from) {
    return reach(from, above);
  }

  private static Set<String> reach(Set<String> from, Map<String, Set<String>> edges) {
    Set<String> seen = new LinkedHashSet<>(from);
    Deque<String> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      for (String next : edges.getOrDefault(open.remove(), Set.of())) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return seen;
  }

  /**
   * Every step after what it reads, in the file's order where that leaves a choice. Steps on a
   * cycle, and those below, are left out.
   */
  List<StepSpec> ordered() {
    Map<String, Integer> waitsFor = new HashMap<>();
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (StepSpec step : steps) {
      int count = above.getOrDefault(step.name(), Set.of()).size();
      waitsFor.put(step.name(), count);
      if (count == 0) {
        ready.add(position(step.name()));
      }
    }
    List<StepSpec> order = new ArrayList<>(steps.size());
    for (Integer next = ready.poll(); next != null; next = ready.poll()) {
      StepSpec step = steps.get(next);
      order.add(step);
      for (String reader : below(step.name())) {
        if (waitsFor.merge(reader, -1, Integer::sum) == 0) {
          ready.add(position(reader));
        }
      }
    }
    return order;
  }
}
