package io.mlpipeline.config;

import io.mlpipeline.model.CaseSpec.WrittenTable;
import io.mlpipeline.model.Problem;
import io.mlpipeline.model.SourceLocation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table of a case: lines of cells between {@code |} or {@code ,} under a line of column
 * names, or a list of objects. An empty cell is null, {@code ""} an empty text; cells are trimmed
 * unless they stand in quotes.
 */
final class CaseTable {

  private final Problems problems;

  CaseTable(Problems problems) {
    this.problems = problems;
  }

  /** The table of a text; null if there is a problem, which is then reported. */
  @Nullable WrittenTable ofText(String written, SourceLocation at) {
    List<String> lines =
        written
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !isRuler(line))
            .toList();
    if (lines.isEmpty()) {
      problems.add(at, "the table has no line of column names", "write them, without rows if none");
      return null;
    }
    char between = lines.get(0).indexOf('|') >= 0 ? '|' : ',';
    List<String> columns = new ArrayList<>();
    cells(lines.get(0), between).forEach(cell -> columns.add(cell == null ? "" : cell));
    Problem fault = unnamed(columns, at);
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      List<@Nullable String> cells = cells(lines.get(i), between);
      if (cells.size() == columns.size()) {
        rows.add(cells);
      } else if (fault == null) {
        fault =
            new Problem(
                at,
                "row %d has %d cells, and there are %d columns: %s"
                    .formatted(i, cells.size(), columns.size(), Keys.clean(lines.get(i))),
                "a text with " + between + " in it stands in quotes");
      }
    }
    return new WrittenTable(unindented(written), columns, rows, fault, at);
  }

  private static @Nullable Problem unnamed(List<String> columns, SourceLocation at) {
    Set<String> seen = new LinkedHashSet<>();
    for (String column : columns) {
      if (column.isEmpty()) {
        return new Problem(at, "a column has no name", "write one over each column");
      }
      if (!seen.add(column)) {
        return new Problem(at, "column '" + column + "' stands there twice", "keep one");
      }
    }
    return null;
  }

  /** The line under the names that makes a table of Markdown. */
  private static boolean isRuler(String line) {
    return line.indexOf('-') >= 0 && line.chars().allMatch(c -> "|-: ".indexOf(c) >= 0);
  }

  private static List<@Nullable String> cells(String line, char between) {
    String inner = line;
    if (between == '|') {
      inner = inner.startsWith("|") ? inner.substring(1) : inner;
      inner = inner.endsWith("|") ? inner.substring(0, inner.length() - 1) : inner;
    }
    List<@Nullable String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        cell.append(c);
      } else if (c == between && !quoted) {
        cells.add(value(cell.toString()));
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(value(cell.toString()));
    return cells;
  }

  private static @Nullable String value(String cell) {
    String plain = cell.strip();
    if (plain.length() >= 2 && plain.startsWith("\"") && plain.endsWith("\"")) {
      return plain.substring(1, plain.length() - 1).replace("\"\"", "\"");
    }
    return plain.isEmpty() ? null : plain;
  }

  /** The text as a file: without the indentation that all its lines share. */
  private static String unindented(String written) {
    String text = written.startsWith("\n") ? written.substring(1) : written;
    return text.stripTrailing().stripIndent() + "\n";
  }

  /** The table of a list of objects; a key that a row leaves out is null. */
  @Nullable WrittenTable ofList(List<Node> elements, SourceLocation at) {
    Set<String> columns = new LinkedHashSet<>();
    for (Node element : elements) {
      if (Fields.of(element, problems) == null) {
        return null;
      }
      columns.addAll(element.members().keySet());
    }
    if (columns.isEmpty()) {
      return new WrittenTable(null, List.of(), List.of(), null, at);
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (Node element : elements) {
      List<@Nullable String> row = new ArrayList<>();
      for (String column : columns) {
        row.add(text(element.members().get(column)));
      }
      rows.add(row);
    }
    return new WrittenTable(null, List.copyOf(columns), rows, null, at);
  }

  private static @Nullable String text(@Nullable Node node) {
    if (node == null || node.kind() == Node.Kind.NULL) {
      return null;
    }
    return node.isScalar() ? node.text() : json(node);
  }

  /** Lists and objects as JSON, for columns that are nested. */
  private static String json(Node node) {
    if (node.kind() == Node.Kind.LIST) {
      return "[" + String.join(",", node.elements().stream().map(CaseTable::json).toList()) + "]";
    }
    if (node.kind() == Node.Kind.OBJECT) {
      List<String> members = new ArrayList<>();
      for (Map.Entry<String, Node> member : node.members().entrySet()) {
        members.add(quoted(member.getKey()) + ":" + json(member.getValue()));
      }
      return "{" + String.join(",", members) + "}";
    }
    return node.kind() == Node.Kind.TEXT ? quoted(node.text()) : node.text();
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
