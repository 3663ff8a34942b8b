package io.mlpipeline.config;

import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.InputKind;
import io.mlpipeline.model.InputSpec;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import io.mlpipeline.model.Suggestions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks that names join the steps: each dataset is made once, and each one read is made. */
final class Edges {

  private final Problems problems;
  private final Map<String, Maker> makers = new TreeMap<>();

  Edges(Problems problems) {
    this.problems = problems;
  }

  /** What makes a dataset; the kind is null if the step's type is unknown. */
  private record Maker(String shown, @Nullable OutputKind kind, SourceLocation at) {}

  /**
   * @param broken names under {@code inputs} that could not be read: they exist all the same
   */
  void check(List<InputSpec> inputs, Map<String, Node> broken, List<StepReader.Draft> steps) {
    inputs.forEach(i -> makers.put(i.name(), maker("input", i.name(), kind(i), i.at())));
    broken.forEach((name, node) -> makers.put(name, maker("input", name, null, node.at())));
    for (StepReader.Draft step : steps) {
      for (OutputReader.Draft output : step.outputs()) {
        add(output, step.spec().name());
      }
    }
    for (StepReader.Draft step : steps) {
      step.inputs().forEach((port, node) -> read(step, port, node));
      for (OutputReader.Draft output : step.outputs()) {
        references(output.spec().name(), output.spec().gate(), output.spec().at());
      }
    }
    inputs.forEach(input -> references(input.name(), input.gate(), input.at()));
  }

  /** What a gate looks at must be a table of the pipeline, and another than the one it judges. */
  private void references(String dataset, GateSpec gate, SourceLocation at) {
    for (String reference : gate.references()) {
      Maker maker = makers.get(reference);
      String named = "the gate of '" + dataset + "' refers to '" + Keys.clean(reference) + "'";
      if (maker == null) {
        String near = Suggestions.didYouMean(reference, makers.keySet());
        String declare = "a reference is an input of the pipeline or an output of a step";
        problems.add(at, named + ", which nothing makes", near == null ? declare : near);
      } else if (reference.equals(dataset)) {
        problems.add(at, named + ", which it judges", "its rules see those rows without that");
      } else if (maker.kind() != null && maker.kind() != OutputKind.TABLE) {
        problems.add(
            at, named + ", which is a " + shown(maker.kind()), "a gate looks at tables only");
      }
    }
  }

  private static OutputKind kind(InputSpec input) {
    return input.kind() == InputKind.MODEL ? OutputKind.MODEL : OutputKind.TABLE;
  }

  private static Maker maker(
      String what, String name, @Nullable OutputKind kind, SourceLocation at) {
    return new Maker(what + " '" + name + "'", kind, at);
  }

  private void add(OutputReader.Draft output, String step) {
    String name = output.spec().name();
    Maker earlier = makers.putIfAbsent(name, maker("step", step, output.kind(), output.at()));
    if (earlier != null) {
      problems.add(
          output.at(),
          "step '"
              + step
              + "' makes '"
              + name
              + "', and so does "
              + earlier.shown()
              + " in "
              + earlier.at(),
          "give one of them another name with 'as'");
    }
  }

  private void read(StepReader.Draft step, String port, Node node) {
    Maker maker = makers.get(node.text());
    if (maker == null) {
      problems.add(
          node.at(),
          "step '"
              + step.spec().name()
              + "' reads '"
              + Keys.clean(node.text())
              + "', which nothing makes",
          Suggestions.didYouMean(node.text(), makers.keySet()));
      return;
    }
    OutputKind wanted =
        step.type() == null ? null : step.type().input(port).map(PortInfo::kind).orElse(null);
    if (wanted != null && maker.kind() != null && wanted != maker.kind()) {
      problems.add(
          node.at(),
          "input '"
              + port
              + "' of step '"
              + step.spec().name()
              + "' takes a "
              + shown(wanted)
              + ", but '"
              + node.text()
              + "' is a "
              + shown(maker.kind())
              + " (made by "
              + maker.shown()
              + ")");
    }
  }

  private static String shown(OutputKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
