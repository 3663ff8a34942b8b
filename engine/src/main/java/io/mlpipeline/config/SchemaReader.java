package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.Compatibility;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import io.mlpipeline.model.Suggestions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one contract from its top. */
final class SchemaReader {

  private final Problems problems;
  private final Values values;

  SchemaReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  /** The contract; null if it has no columns to go by. */
  @Nullable WrittenSchema read(String name, Node root, SourceLocation top) {
    Fields fields = Fields.of(root, problems);
    if (fields == null) {
      return null;
    }
    String description = values.text(fields.find("description"));
    Node columns = fields.require("columns", "columns { id: bigint }");
    Node keysNode = fields.find("keys");
    Node partitionNode = fields.find("partition");
    NewColumns newColumns =
        choice(fields.find("new-columns"), List.of(NewColumns.values()), NewColumns.REJECT);
    Compatibility compatible =
        choice(
            fields.find("compatible"),
            List.of(Compatibility.BACKWARD, Compatibility.BREAKING),
            Compatibility.UNSTATED);
    fields.refuseOthers();
    if (columns == null || Fields.of(columns, problems) == null) {
      return null;
    }
    List<ColumnSpec> specs = columns(columns);
    List<String> keys = names(keysNode, "key", columns);
    List<String> partition = names(partitionNode, "partition column", columns);
    checkKeys(keysNode, keys, specs);
    checkPartition(partitionNode, partition, columns, specs);
    SchemaSpec spec =
        new SchemaSpec(name, description, specs, keys, partition, newColumns, compatible);
    return new WrittenSchema(spec, top, places(columns), places(root));
  }

  private static Map<String, SourceLocation> places(Node node) {
    Map<String, SourceLocation> places = new HashMap<>();
    node.members().forEach((key, member) -> places.put(key, member.at()));
    return places;
  }

  private <E extends Enum<E>> E choice(@Nullable Node node, List<E> choices, E otherwise) {
    String written = values.text(node);
    if (node == null || written == null) {
      return otherwise;
    }
    List<String> names = new ArrayList<>();
    for (E choice : choices) {
      String name = choice.name().toLowerCase(Locale.ROOT);
      if (name.equals(written)) {
        return choice;
      }
      names.add(name);
    }
    String near = Suggestions.didYouMean(written, names);
    problems.add(
        node.at(),
        "'" + node.path() + "' cannot be '" + Keys.clean(written) + "'",
        near == null ? "one of " + String.join(", ", names) : near);
    return otherwise;
  }

  private List<ColumnSpec> columns(Node columns) {
    List<ColumnSpec> specs = new ArrayList<>();
    ColumnReader reader = new ColumnReader(problems);
    columns
        .members()
        .forEach(
            (column, node) -> {
              ColumnSpec spec = reader.read(column, node);
              if (spec != null) {
                specs.add(spec);
              }
            });
    if (columns.members().isEmpty()) {
      problems.add(columns.at(), "the schema has no column", "for example id: bigint");
    }
    refuseCaseTwins(columns);
    return specs;
  }

  private void refuseCaseTwins(Node columns) {
    Map<String, String> seen = new HashMap<>();
    columns
        .members()
        .forEach(
            (column, node) -> {
              String twin = seen.putIfAbsent(column.toLowerCase(Locale.ROOT), column);
              if (twin != null) {
                problems.add(
                    node.at(),
                    "columns '"
                        + Keys.clean(twin)
                        + "' and '"
                        + Keys.clean(column)
                        + "' differ in case only");
              }
            });
  }

  private List<String> names(@Nullable Node node, String role, Node columns) {
    List<String> names = values.words(node);
    if (node == null || names == null) {
      return List.of();
    }
    Set<String> unique = new LinkedHashSet<>();
    for (String name : names) {
      if (!columns.members().containsKey(name)) {
        problems.add(
            node.at(),
            role + " '" + Keys.clean(name) + "' is no column",
            Suggestions.didYouMean(name, new HashSet<>(columns.members().keySet())));
      } else if (!unique.add(name)) {
        problems.add(node.at(), role + " '" + Keys.clean(name) + "' is named twice");
      }
    }
    return List.copyOf(unique);
  }

  private void checkKeys(@Nullable Node node, List<String> keys, List<ColumnSpec> specs) {
    for (ColumnSpec column : specs) {
      if (node != null && keys.contains(column.name()) && column.type().contains("map<")) {
        problems.add(
            node.at(),
            "key '"
                + column.name()
                + "' is of type "
                + column.type()
                + ", which cannot be compared",
            "name other columns");
      }
    }
  }

  private void checkPartition(
      @Nullable Node node, List<String> partition, Node columns, List<ColumnSpec> specs) {
    if (node == null || node.kind() == Kind.BROKEN) {
      return;
    }
    for (ColumnSpec column : specs) {
      if (partition.contains(column.name()) && !ColumnTypes.canPartition(column.type())) {
        problems.add(
            node.at(),
            "partition column '"
                + column.name()
                + "' is of type "
                + column.type()
                + ", whose values cannot name a partition",
            "use a date, text, whole number, decimal or boolean");
      }
    }
    if (!partition.isEmpty() && partition.containsAll(columns.members().keySet())) {
      problems.add(node.at(), "'partition' names every column", "leave at least one for the data");
    }
  }
}
