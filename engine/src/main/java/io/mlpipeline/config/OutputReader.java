package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.ContractRules;
import io.mlpipeline.model.GateSpec;
import io.mlpipeline.model.Names;
import io.mlpipeline.model.OutputKind;
import io.mlpipeline.model.OutputMode;
import io.mlpipeline.model.OutputSpec;
import io.mlpipeline.model.QuarantineTable;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SinkSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one member of a step's {@code outputs}. */
final class OutputReader {

  private final Problems problems;
  private final Values values;
  private final GateReader gates;
  private final SchemaLoader schemas;

  OutputReader(Problems problems, SchemaLoader schemas) {
    this.problems = problems;
    this.values = new Values(problems);
    this.gates = new GateReader(problems);
    this.schemas = schemas;
  }

  /** An output with what it carries (null if the step's type is unknown) and its name's place. */
  record Draft(OutputSpec spec, @Nullable OutputKind kind, SourceLocation at) {}

  @Nullable Draft read(String port, Node node, @Nullable OutputKind kind) {
    if (node.isScalar()) {
      return named(port, node.text(), node, kind);
    }
    Fields fields = Fields.of(node, problems);
    if (fields == null) {
      return null;
    }
    Node as = fields.find("as");
    Node schemaNode = fields.find("schema");
    Node partition = fields.find("partition");
    Node keys = fields.find("keys");
    Node gateNode = fields.find("gate");
    Node modeNode = fields.find("mode");
    Node sinkNode = fields.find("sink");
    fields.refuseOthers();
    if (kind != null && kind != OutputKind.TABLE) {
      refuseOnModel(schemaNode, partition, keys, gateNode, modeNode, sinkNode);
      return named(port, name(port, as), as == null ? node : as, kind);
    }
    String schemaName = values.word(schemaNode);
    SchemaSpec schema =
        schemaNode == null || schemaName == null ? null : schemas.find(schemaName, schemaNode.at());
    List<String> partitionBy = columns(partition, schema);
    checkPartition(partition, partitionBy, schema);
    List<String> keyColumns = columns(keys, schema);
    SourceLocation agreedAt = keys != null || schemaNode == null ? node.at() : schemaNode.at();
    if (schema != null) {
      partitionBy = partition == null ? schema.partitionBy() : partitionBy;
      keyColumns = keys == null ? schema.keys() : keyColumns;
    }
    GateSpec gate =
        ContractRules.before(
            ContractRules.ofOutput(schema, keyColumns, agreedAt), gates.read(gateNode));
    String name = name(port, as);
    Node named = as == null ? node : as;
    if (!isName(name, named)) {
      return null;
    }
    boolean broken = schemaNode != null && schema == null; // said already
    OutputMode mode = mode(modeNode, !keyColumns.isEmpty() || broken);
    SinkSpec sink = sink(sinkNode, !keyColumns.isEmpty() || broken);
    boolean needsKeys = sinkNode != null || mode == OutputMode.MERGE;
    if (mode == OutputMode.PARTITIONS && partitionBy.isEmpty()) {
      refuseUnpartitioned(Objects.requireNonNull(modeNode), broken);
      return null;
    }
    if (mode == null || (keyColumns.isEmpty() && needsKeys)) {
      return null;
    }
    OutputSpec spec =
        new OutputSpec(port, name, schema, partitionBy, keyColumns, gate, mode, sink, node.at());
    return new Draft(spec, kind, named.at());
  }

  private @Nullable SinkSpec sink(@Nullable Node node, boolean hasKeys) {
    if (node != null && !hasKeys) {
      problems.add(
          node.at(),
          "'" + node.path() + "' follows an output that has no keys",
          "name the columns that tell rows apart, for example keys: [customer_id]");
    }
    return node == null ? null : new SinkReader(problems).read(node);
  }

  private @Nullable OutputMode mode(@Nullable Node node, boolean mayMerge) {
    String word = values.word(node);
    if (node == null) {
      return OutputMode.REPLACE;
    }
    OutputMode mode = word == null ? null : OutputMode.find(word).orElse(null);
    if (word != null && mode == null) {
      String near = Suggestions.didYouMean(word, OutputMode.words());
      problems.add(
          node.at(),
          "'" + node.path() + "' cannot be '" + Keys.clean(word) + "'",
          near == null ? "one of " + String.join(", ", OutputMode.words()) : near);
    }
    if (mode == OutputMode.MERGE && !mayMerge) {
      problems.add(
          node.at(),
          "'" + node.path() + "' is merge, and the output has no keys",
          "name the columns that tell rows apart, for example keys: [customer_id]");
    }
    return mode;
  }

  private void refuseUnpartitioned(Node mode, boolean saidAlready) {
    if (!saidAlready) {
      problems.add(
          mode.at(),
          "'" + mode.path() + "' is partitions, and the output has no partition",
          "name the column that it is partitioned by, for example partition: event_date");
    }
  }

  private String name(String port, @Nullable Node as) {
    return Objects.requireNonNullElse(values.text(as), port);
  }

  private @Nullable Draft named(String port, String name, Node node, @Nullable OutputKind kind) {
    if (!isName(name, node)) {
      return null;
    }
    OutputSpec spec =
        new OutputSpec(port, name, null, List.of(), List.of(), GateSpec.OPEN, node.at());
    return new Draft(spec, kind, node.at());
  }

  private boolean isName(String name, Node node) {
    if (!Names.isValid(name)) {
      problems.add(
          node.at(), "'" + Keys.clean(name) + "' is no name for a dataset", PipelineReader.NAMING);
      return false;
    }
    if (QuarantineTable.isReserved(name)) {
      problems.add(
          node.at(),
          "'" + name + "' is a name of the engine's own: rows that a gate sets apart go there",
          "give the output another name with 'as'");
      return false;
    }
    return true;
  }

  private void refuseOnModel(@Nullable Node... nodes) {
    for (Node node : nodes) {
      if (node != null) {
        problems.add(
            node.at(), "'" + node.path() + "' makes no sense: this port carries no table", null);
      }
    }
  }

  private List<String> columns(@Nullable Node node, @Nullable SchemaSpec schema) {
    List<String> columns = values.words(node);
    if (node == null || columns == null) {
      return List.of();
    }
    Map<String, ColumnSpec> known = byName(schema);
    Set<String> seen = new HashSet<>();
    for (String column : columns) {
      if (!seen.add(column)) {
        problems.add(node.at(), "'" + node.path() + "' names '" + Keys.clean(column) + "' twice");
      }
      if (schema != null && !known.containsKey(column)) {
        problems.add(
            node.at(),
            "'" + node.path() + "': '" + Keys.clean(column) + "' is no column of " + schema.name(),
            Suggestions.didYouMean(column, known.keySet()));
      }
    }
    return columns;
  }

  private void checkPartition(
      @Nullable Node node, List<String> columns, @Nullable SchemaSpec schema) {
    if (node == null || schema == null || node.kind() == Kind.BROKEN) {
      return;
    }
    Map<String, ColumnSpec> known = byName(schema);
    for (String column : columns) {
      ColumnSpec spec = known.get(column);
      if (spec != null && !ColumnTypes.canPartition(spec.type())) {
        problems.add(
            node.at(),
            "'"
                + node.path()
                + "': '"
                + column
                + "' is of type "
                + spec.type()
                + ", whose values cannot name a partition",
            "use a date, text, whole number, decimal or boolean");
      }
    }
    if (!known.isEmpty() && columns.containsAll(known.keySet())) {
      problems.add(
          node.at(), "'" + node.path() + "' names every column", "leave at least one for the data");
    }
  }

  private static Map<String, ColumnSpec> byName(@Nullable SchemaSpec schema) {
    Map<String, ColumnSpec> columns = new LinkedHashMap<>();
    if (schema != null) {
      schema.columns().forEach(c -> columns.put(c.name(), c));
    }
    return columns;
  }
}
