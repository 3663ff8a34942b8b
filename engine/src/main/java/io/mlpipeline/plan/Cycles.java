package io.mlpipeline.plan;

import io.mlpipeline.model.Problem;
import io.mlpipeline.model.StepSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the cycles of a graph by a walk in depth that keeps its own stack. */
final class Cycles {

  private final Graph graph;
  private final Set<String> finished = new HashSet<>();
  private final Set<String> named = new HashSet<>();
  private final List<Problem> found = new ArrayList<>();

  private Cycles(Graph graph) {
    this.graph = graph;
  }

  static List<Problem> problems(Graph graph) {
    Cycles cycles = new Cycles(graph);
    for (StepSpec step : graph.steps()) {
      if (graph.below(step.name()).contains(step.name())) {
        cycles.selfEdge(step);
      }
    }
    for (StepSpec step : graph.steps()) {
      cycles.walk(step.name());
    }
    return cycles.found;
  }

  private void selfEdge(StepSpec step) {
    String dataset =
        step.inputs().values().stream()
            .filter(d -> step.name().equals(graph.producer(d)))
            .findFirst()
            .orElse("");
    if (dataset.isEmpty()) {
      ownGate(step);
      return;
    }
    found.add(
        new Problem(
            step.at(),
            "step " + step.name() + " reads " + dataset + ", which it writes itself",
            "read another dataset, or give the output another name"));
  }

  private void ownGate(StepSpec step) {
    List<String> own = graph.ownReferences(step);
    found.add(
        new Problem(
            step.at(),
            "a gate of step "
                + step.name()
                + " looks at "
                + String.join(", ", own)
                + ", which the step makes itself",
            "a gate may refer to inputs and to what other steps make"));
  }

  /** {@code path} holds the steps from the start to here, each with what is left to look at. */
  private void walk(String start) {
    if (finished.contains(start)) {
      return;
    }
    Map<String, Iterator<String>> path = new LinkedHashMap<>();
    List<String> stack = new ArrayList<>();
    enter(start, path, stack);
    while (!stack.isEmpty()) {
      String here = stack.get(stack.size() - 1);
      Iterator<String> open = path.getOrDefault(here, Collections.emptyIterator());
      if (open.hasNext()) {
        String next = open.next();
        if (path.containsKey(next)) {
          cycle(here, next, stack);
        } else if (!finished.contains(next)) {
          enter(next, path, stack);
        }
      } else {
        finished.add(here);
        path.remove(here);
        stack.remove(stack.size() - 1);
      }
    }
  }

  private void enter(String step, Map<String, Iterator<String>> path, List<String> stack) {
    path.put(step, graph.below(step).iterator());
    stack.add(step);
  }

  private void cycle(String last, String first, List<String> stack) {
    if (last.equals(first) || named.contains(last) || named.contains(first)) {
      return;
    }
    List<String> members = new ArrayList<>(stack.subList(stack.lastIndexOf(first), stack.size()));
    named.addAll(members);
    int earliest = 0;
    for (int i = 1; i < members.size(); i++) {
      if (graph.position(members.get(i)) < graph.position(members.get(earliest))) {
        earliest = i;
      }
    }
    Collections.rotate(members, -earliest);
    members.add(members.get(0));
    found.add(
        new Problem(
            graph.step(members.get(0)).at(),
            "the steps need each other in a circle: " + String.join(" -> ", members),
            "one of them must read something else"));
  }
}
