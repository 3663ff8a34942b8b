package io.mlpipeline.config;

import io.mlpipeline.model.PartitionUse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a step's {@code inputs}: a dataset's name, or an object that says how it is read. */
final class StepInputs {

  private final Problems problems;
  private final Values values;
  private final Map<String, Node> datasets = new LinkedHashMap<>();
  private final Map<String, Node> places = new LinkedHashMap<>();
  private final SortedMap<String, PartitionUse> uses = new TreeMap<>();

  StepInputs(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  void read(@Nullable Node node) {
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (node == null || fields == null) {
      return;
    }
    for (String port : node.members().keySet()) {
      Node input = fields.find(port);
      if (input != null && input.kind() == Node.Kind.OBJECT) {
        detailed(port, input);
      } else if (input != null && values.word(input) != null) {
        datasets.put(port, input);
      }
    }
  }

  private void detailed(String port, Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return;
    }
    Node dataset = fields.require("dataset", "dataset: events");
    Node partitions = fields.find("partitions");
    fields.refuseOthers();
    if (dataset != null && values.word(dataset) != null) {
      datasets.put(port, dataset);
    }
    String written = values.word(partitions);
    if (partitions == null || written == null) {
      return;
    }
    PartitionUse use = PartitionUse.find(written).orElse(null);
    if (use == null) {
      problems.add(
          partitions.at(),
          "'" + partitions.path() + "' cannot be '" + Keys.clean(written) + "'",
          PartitionUse.FORMS);
    } else if (use.isPartial()) {
      uses.put(port, use);
      places.put(port, partitions);
    }
  }

  /** The node that names the dataset, by port. */
  Map<String, Node> datasets() {
    return datasets;
  }

  /** The node that says which partitions are read, by port, where these are not all. */
  Map<String, Node> places() {
    return places;
  }

  /** Which partitions are read, by port, where these are not all. */
  SortedMap<String, PartitionUse> uses() {
    return uses;
  }
}
