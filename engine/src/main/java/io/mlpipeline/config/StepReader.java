package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.Params;
import io.mlpipeline.model.RuntimeSpec;
import io.mlpipeline.model.StepSpec;
import io.mlpipeline.model.StepTypeInfo;
import io.mlpipeline.model.StepTypeInfo.PortInfo;
import io.mlpipeline.model.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads one member of {@code steps} and holds it against its type. */
final class StepReader {

  private final Problems problems;
  private final Values values;
  private final StepTypes types;
  private final OutputReader outputs;
  private final ParamReader params;
  private final RuntimeReader runtimes;

  StepReader(Problems problems, StepTypes types, SchemaLoader schemas, SqlFiles sql) {
    this.problems = problems;
    this.values = new Values(problems);
    this.types = types;
    this.outputs = new OutputReader(problems, schemas);
    this.params = new ParamReader(problems, sql);
    this.runtimes = new RuntimeReader(problems);
  }

  /**
   * A step as read.
   *
   * @param type null if unknown
   * @param inputs the node that names the dataset, by port
   * @param uses the node that says which partitions are read, by port
   */
  record Draft(
      StepSpec spec,
      @Nullable StepTypeInfo type,
      Map<String, Node> inputs,
      Map<String, Node> uses,
      List<OutputReader.Draft> outputs) {}

  /** The step; null if it is no object. */
  @Nullable Draft read(String name, Node node) {
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node usesNode = fields.require("uses", "uses: sql");
    StepTypeInfo type = type(usesNode);
    StepInputs inputs = new StepInputs(problems);
    Node inputsNode = fields.find("inputs");
    inputs.read(inputsNode);
    if (type != null && (inputsNode == null || inputsNode.kind() == Kind.OBJECT)) {
      checkPorts("input", type.inputs(), inputsNode, node, type);
    }
    Params read = params.read(fields.find("params"), node, type);
    List<OutputReader.Draft> drafts = outputs(fields.find("outputs"), node, type);
    RuntimeSpec runtime = runtimes.read(fields.find("runtime"));
    fields.refuseOthers();
    TreeMap<String, String> names = new TreeMap<>();
    inputs.datasets().forEach((port, dataset) -> names.put(port, dataset.text()));
    List<OutputSpec> specs = new ArrayList<>();
    drafts.forEach(draft -> specs.add(draft.spec()));
    String uses = usesNode == null ? "" : usesNode.text();
    StepSpec spec = new StepSpec(name, uses, names, inputs.uses(), read, specs, runtime, node.at());
    return new Draft(spec, type, inputs.datasets(), inputs.places(), drafts);
  }

  private @Nullable StepTypeInfo type(@Nullable Node node) {
    String uses = values.word(node);
    if (node == null || uses == null) {
      return null;
    }
    StepTypeInfo type = types.find(uses).orElse(null);
    if (type == null) {
      String near = Suggestions.didYouMean(uses, types.names());
      String others = "known are " + String.join(", ", types.names()) + "; classes need 'jars'";
      problems.add(
          node.at(),
          "there is no step type '" + Keys.clean(uses) + "'",
          near == null ? others : near);
    }
    return type;
  }

  private List<OutputReader.Draft> outputs(
      @Nullable Node node, Node step, @Nullable StepTypeInfo type) {
    List<OutputReader.Draft> drafts = new ArrayList<>();
    Fields fields = node == null ? null : Fields.of(node, problems);
    if (node != null && fields != null) {
      for (String port : node.members().keySet()) {
        Node output = fields.find(port);
        OutputKind kind = type == null ? null : type.output(port).map(PortInfo::kind).orElse(null);
        OutputReader.Draft draft = output == null ? null : outputs.read(port, output, kind);
        if (draft != null) {
          drafts.add(draft);
        }
      }
    }
    if (type != null && (node == null || fields != null)) {
      checkPorts("output", type.outputs(), node, step, type);
    }
    return drafts;
  }

  private void checkPorts(
      String what, List<PortInfo> ports, @Nullable Node node, Node step, StepTypeInfo type) {
    Map<String, Node> written = node == null ? Map.of() : node.members();
    Set<String> known = new TreeSet<>();
    boolean any = false;
    for (PortInfo port : ports) {
      any |= port.isWildcard();
      known.add(port.name());
      Node value = written.get(port.name());
      boolean absent = value == null || value.kind() == Kind.NULL;
      if (absent && !port.optional() && !port.isWildcard()) {
        problems.add(
            node == null ? step.at() : node.at(),
            "'" + step.path() + "' has no " + what + " '" + port.name() + "'",
            "step type '" + type.uses() + "' needs it: " + what + "s { " + port.name() + ": ... }");
      }
    }
    if (!any) {
      written.forEach((port, value) -> refuseUnknownPort(what, port, value, known, type));
    }
  }

  private void refuseUnknownPort(
      String what, String port, Node value, Set<String> known, StepTypeInfo type) {
    if (!known.contains(port)) {
      String near = Suggestions.didYouMean(port, known);
      String has = known.isEmpty() ? "it has none" : "it has " + String.join(", ", known);
      problems.add(
          value.at(),
          "step type '" + type.uses() + "' has no " + what + " '" + Keys.clean(port) + "'",
          near == null ? has : near);
    }
  }
}
