package io.mlpipeline.plan;

import io.mlpipeline.model.PipelineSpec;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a graph, or with what is asked of it, before anything is planned. */
public final class GraphCheck {

  private GraphCheck() {}

  /**
   * Every cycle (each step is named in at most one), every step that reads what it writes, and
   * every option that names an unknown step or contradicts another; empty if the planner may go on.
   */
  public static List<Problem> problems(PipelineSpec spec, RunRequest request) {
    Graph graph = new Graph(spec);
    List<Problem> found = new ArrayList<>(Cycles.problems(graph));
    unknown(graph, "--step", request.only(), found);
    unknown(graph, "--from-step", request.from(), found);
    unknown(graph, "--to-step", request.to(), found);
    for (String forced : new TreeSet<>(request.forced())) {
      unknown(graph, "--force", forced, found);
    }
    if (found.isEmpty()) {
      contradictions(graph, request, found);
    }
    return found;
  }

  private static void unknown(
      Graph graph, String option, @Nullable String name, List<Problem> found) {
    if (name != null && !graph.has(name)) {
      List<String> known = graph.steps().stream().map(StepSpec::name).toList();
      String near = Suggestions.nearest(name, known);
      String suggestion =
          near != null
              ? "did you mean " + near + "?"
              : "the steps are " + String.join(", ", known.subList(0, Math.min(20, known.size())));
      found.add(new Problem(at(option), "there is no step " + name, suggestion));
    }
  }

  private static void contradictions(Graph graph, RunRequest request, List<Problem> found) {
    Set<String> selected = Selection.of(graph, request);
    if (request.partitions().isLimited()
        && graph.steps().stream()
            .noneMatch(s -> s.isByPartition() && selected.contains(s.name()))) {
      found.add(
          new Problem(
              at(request.partitions().newest() > 0 ? "--limit-partitions" : "--from"),
              "no step that is asked for makes its output by partition",
              "give an output partition: and mode: partitions"));
      return;
    }
    if (selected.isEmpty() && !graph.steps().isEmpty()) {
      found.add(
          new Problem(
              at(request.only() != null ? "--step" : "--from-step"),
              "the options leave no step to run",
              "no step is in all of the selections"));
      return;
    }
    for (String forced : new TreeSet<>(request.forced())) {
      if (!selected.contains(forced)) {
        found.add(
            new Problem(
                at("--force"),
                "step " + forced + " is forced, but the selection leaves it out",
                "select it too, or do not force it"));
      }
    }
  }

  private static SourceLocation at(String option) {
    return new SourceLocation(option, 0);
  }
}
