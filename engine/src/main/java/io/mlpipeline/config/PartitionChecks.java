package io.mlpipeline.config;

import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.PartitionUse;
import io.mlpipeline.model.PathLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks that partitions of outputs can follow from those of inputs. */
final class PartitionChecks {

  private final Problems problems;
  private final List<StepReader.Draft> steps;
  private final Map<String, InputSpec> inputs = new HashMap<>();
  private final Map<String, OutputSpec> outputs = new HashMap<>();

  PartitionChecks(Problems problems, List<InputSpec> inputs, List<StepReader.Draft> steps) {
    this.problems = problems;
    this.steps = steps;
    inputs.forEach(input -> this.inputs.put(input.name(), input));
    steps.forEach(step -> step.spec().outputs().forEach(o -> outputs.putIfAbsent(o.name(), o)));
  }

  void check() {
    for (StepReader.Draft step : steps) {
      Optional<OutputSpec> output =
          step.spec().outputs().stream().filter(OutputSpec::isByPartition).findFirst();
      if (output.isPresent()) {
        check(step, output.get());
      } else {
        step.uses().forEach((port, node) -> refuseUse(step, node));
      }
    }
  }

  private void refuseUse(StepReader.Draft step, Node node) {
    boolean isReported = step.spec().outputs().size() < step.outputs().size();
    if (!isReported && !step.spec().outputs().isEmpty()) {
      problems.add(
          node.at(),
          "'"
              + node.path()
              + "' is "
              + Keys.clean(node.text())
              + ", and the step '"
              + step.spec().name()
              + "' makes its whole output each time",
          "add mode: partitions to its output, or leave this out");
    }
  }

  private void check(StepReader.Draft step, OutputSpec output) {
    if (step.spec().outputs().size() > 1) {
      problems.add(
          output.at(),
          "output '"
              + output.name()
              + "' is made by partition, and step '"
              + step.spec().name()
              + "' has other outputs beside it",
          "let another step make those");
    }
    if (step.uses().isEmpty()) {
      problems.add(
          output.at(),
          "output '"
              + output.name()
              + "' is made by partition, and no input of step '"
              + step.spec().name()
              + "' says which partitions it is made of",
          "for example inputs { "
              + anyPort(step)
              + ": { dataset: "
              + anyDataset(step)
              + ", partitions: each } }");
    }
    step.uses().forEach((port, node) -> check(step, port, node, output));
  }

  private void check(StepReader.Draft step, String port, Node node, OutputSpec output) {
    Node named = step.inputs().get(port);
    String dataset = named == null ? "" : named.text();
    OutputSpec made = outputs.get(dataset);
    InputSpec external = inputs.get(dataset);
    if (made == null && external == null) {
      return; // nothing makes it, which was said
    }
    Set<String> wanted = new TreeSet<>(output.partitionBy());
    Set<String> columns = columns(made, external);
    String what =
        "'" + node.path() + "' is " + Keys.clean(node.text()) + ", and '" + dataset + "' ";
    PartitionUse use = step.spec().use(port);
    if (columns != null && columns.isEmpty()) {
      problems.add(node.at(), what + "has no partitions", remedy(made, external, output));
    } else if (use.kind() == PartitionUse.Kind.HOURS) {
      new PartitionUnits(problems, node, what).checkHours(made, external, output);
    } else if (columns != null && !columns.equals(wanted)) {
      problems.add(
          node.at(),
          what
              + "is partitioned by "
              + String.join(", ", columns)
              + ", not by "
              + String.join(", ", wanted)
              + " as '"
              + output.name()
              + "' is",
          "let both have the same partition columns, or read it with partitions: all");
    } else if (use.kind() == PartitionUse.Kind.WINDOW) {
      new PartitionUnits(problems, node, what).checkWindow(use, made, external, output);
    }
  }

  /** The partition columns; null where only a look at the files or the table can tell. */
  private static @Nullable Set<String> columns(
      @Nullable OutputSpec made, @Nullable InputSpec external) {
    if (made != null) {
      return new TreeSet<>(made.partitionBy());
    }
    PathLayout layout = external == null ? null : external.layout();
    if (layout != null) {
      return new TreeSet<>(layout.columns());
    }
    boolean isOpen =
        external != null
            && (external.kind() == InputKind.TABLE || external.kind() == InputKind.FILES);
    return isOpen ? null : Set.of();
  }

  private static String remedy(
      @Nullable OutputSpec made, @Nullable InputSpec external, OutputSpec output) {
    String column = output.partitionBy().get(0);
    if (made != null) {
      return "add partition: " + column + " to the output that makes it, or read it with all";
    }
    boolean isFiles = external != null && external.kind() == InputKind.FILES;
    return isFiles
        ? "say where the value is, for example files: \"data/{" + column + "}/*.csv\""
        : "read it with partitions: all";
  }

  private static String anyPort(StepReader.Draft step) {
    return step.inputs().keySet().stream().findFirst().orElse("rows");
  }

  private static String anyDataset(StepReader.Draft step) {
    return step.inputs().values().stream().map(Node::text).findFirst().orElse("events");
  }
}
