package io.mlpipeline.plan;

import io.mlpipeline.model.PartitionChoice;
import io.mlpipeline.model.RunRequest;
import io.mlpipeline.model.StepSpec;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which steps a request asks for: the intersection of its options. No step that is left out lies
 * between two that are not, unless only steps by partition are asked for.
 */
final class Selection {

  private Selection() {}

  static Set<String> of(Graph graph, RunRequest request) {
    Set<String> selected = new LinkedHashSet<>();
    for (StepSpec step : graph.steps()) {
      selected.add(step.name());
    }
    if (request.only() != null) {
      selected.retainAll(Set.of(request.only()));
    }
    if (request.from() != null) {
      selected.retainAll(graph.withDescendants(request.from()));
    }
    if (request.to() != null) {
      selected.retainAll(graph.withAncestors(Set.of(request.to())));
    }
    if (request.partitions().steps() == PartitionChoice.Steps.BY_PARTITION) {
      selected.removeIf(name -> !graph.step(name).isByPartition());
    }
    return selected;
  }
}
