package io.mlpipeline.config;

import io.mlpipeline.config.Node.Kind;
import io.mlpipeline.model.ColumnSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one member of a schema's {@code columns}. */
final class ColumnReader {

  private static final String UNFIT = " ,;{}()\n\t=.`\"[]\\";
  private static final int LONGEST_NAME = 255;
  private static final int MOST_VALUES = 1_000;

  private final Problems problems;
  private final Values values;

  ColumnReader(Problems problems) {
    this.problems = problems;
    this.values = new Values(problems);
  }

  /** The column; null if there is a problem, which is then reported. */
  @Nullable ColumnSpec read(String column, Node node) {
    if (!isColumn(column)) {
      problems.add(
          node.at(),
          "'" + Keys.clean(column) + "' is no name for a column",
          "leave out spaces and any of , ; { } ( ) = . ` \" [ ] \\");
      return null;
    }
    if (node.kind() != Kind.OBJECT) {
      String type = type(node);
      return type == null ? null : new ColumnSpec(column, type, true);
    }
    Fields fields = Fields.of(node, problems);
    return fields == null ? null : read(column, fields);
  }

  private @Nullable ColumnSpec read(String column, Fields fields) {
    String type = type(fields.require("type", "type: bigint"));
    Boolean nullable = truth(fields.find("nullable"), Boolean.TRUE);
    String description = values.text(fields.find("description"));
    String unit = values.word(fields.find("unit"));
    List<String> allowed = allowed(fields.find("allowed"), type);
    Boolean pii = truth(fields.find("pii"), Boolean.FALSE);
    fields.refuseOthers();
    return type == null || nullable == null || pii == null
        ? null
        : new ColumnSpec(column, type, nullable, description, unit, allowed, pii);
  }

  private @Nullable Boolean truth(@Nullable Node node, Boolean otherwise) {
    return node == null ? otherwise : values.truth(node);
  }

  /** Whether a contract can name such a column. */
  static boolean isColumn(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean unseen = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
      if (unseen || UNFIT.indexOf(c) >= 0) {
        return false;
      }
    }
    return !name.isBlank() && name.length() <= LONGEST_NAME;
  }

  private @Nullable String type(@Nullable Node node) {
    String written = values.text(node);
    if (node == null || written == null) {
      return null;
    }
    ColumnTypes.Parsed parsed = ColumnTypes.parse(written);
    if (parsed.type() == null) {
      String message = "column type '" + Keys.clean(written) + "': " + parsed.error();
      problems.add(node.at(), message, parsed.suggestion());
    }
    return parsed.type();
  }

  private List<String> allowed(@Nullable Node node, @Nullable String type) {
    if (node == null || node.kind() == Kind.BROKEN) {
      return List.of();
    }
    if (node.kind() != Kind.LIST) {
      values.refuse(node, "a list of values");
      return List.of();
    }
    if (type != null && !AllowedValues.fits(type)) {
      problems.add(
          node.at(),
          "'" + node.path() + "': a column of type " + type + " has no list of values",
          "leave it out, and write a rule in the gate");
      return List.of();
    }
    if (node.elements().isEmpty() || node.elements().size() > MOST_VALUES) {
      String many = node.elements().isEmpty() ? "no value" : "more than " + MOST_VALUES + " values";
      problems.add(
          node.at(),
          "'" + node.path() + "' has " + many,
          "leave it out; a rule against a dataset of values does it: ReferentialIntegrity");
      return List.of();
    }
    return values(node, type);
  }

  private List<String> values(Node node, @Nullable String type) {
    Set<String> allowed = new LinkedHashSet<>();
    for (Node element : node.elements()) {
      String value = values.text(element);
      String problem = value == null || type == null ? null : AllowedValues.problem(value, type);
      if (value != null && problem != null) {
        problems.add(element.at(), "'" + node.path() + "': '" + Keys.clean(value) + "' " + problem);
      } else if (value != null && !allowed.add(value)) {
        problems.add(element.at(), "'" + node.path() + "' names '" + Keys.clean(value) + "' twice");
      }
    }
    return new ArrayList<>(allowed);
  }
}
