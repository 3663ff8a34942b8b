package io.mlpipeline.config;

import com.typesafe.config.ConfigUtil;
import io.mlpipeline.model.ColumnSpec;
import io.mlpipeline.model.Compatibility;
import io.mlpipeline.model.NewColumns;
import io.mlpipeline.model.SchemaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a contract as a person would; what is written reads back as the same contract. */
public final class SchemaText {

  private SchemaText() {}

  /** The contract as a file. */
  public static String of(SchemaSpec schema) {
    return of(schema, List.of(), Map.of());
  }

  /**
   * The contract as a file with remarks.
   *
   * @param head remarks at the top
   * @param remarks a remark over a column, by its name
   */
  public static String of(SchemaSpec schema, List<String> head, Map<String, String> remarks) {
    StringBuilder out = new StringBuilder();
    head.forEach(line -> out.append("# ").append(oneLine(line)).append('\n'));
    member(out, "description", schema.description());
    out.append("columns {\n");
    int width = 0;
    for (ColumnSpec column : schema.columns()) {
      width = Math.max(width, key(column.name()).length() + 1);
    }
    for (ColumnSpec column : schema.columns()) {
      String refusal = refusal(column);
      if (refusal != null) {
        out.append("  # left out: ").append(oneLine(refusal)).append('\n');
        continue;
      }
      String remark = remarks.get(column.name());
      if (remark != null) {
        out.append("  # ").append(oneLine(remark)).append('\n');
      }
      String key = key(column.name()) + ":";
      out.append("  ").append(key).append(" ".repeat(width - key.length() + 1));
      out.append(column(column)).append('\n');
    }
    out.append("}\n");
    list(out, "keys", schema.keys().stream().filter(ColumnReader::isColumn).toList());
    list(out, "partition", schema.partitionBy());
    if (schema.newColumns() != NewColumns.REJECT) {
      member(out, "new-columns", schema.newColumns().name().toLowerCase(Locale.ROOT));
    }
    if (schema.compatible() != Compatibility.UNSTATED) {
      member(out, "compatible", schema.compatible().name().toLowerCase(Locale.ROOT));
    }
    return out.toString();
  }

  /** Why a contract cannot have such a column; null if it can. */
  private static @Nullable String refusal(ColumnSpec column) {
    if (!ColumnReader.isColumn(column.name())) {
      return "'" + column.name() + "' (" + column.type() + ") is no name for a column of a table";
    }
    ColumnTypes.Parsed parsed = ColumnTypes.parse(column.type());
    return parsed.type() == null ? "'" + column.name() + "': " + parsed.error() : null;
  }

  private static String column(ColumnSpec column) {
    List<String> parts = new ArrayList<>();
    parts.add("type: " + quoted(column.type()));
    if (!column.nullable()) {
      parts.add("nullable: false");
    }
    if (column.unit() != null) {
      parts.add("unit: " + quoted(column.unit()));
    }
    if (!column.allowed().isEmpty()) {
      parts.add("allowed: " + quoted(column.allowed()));
    }
    if (column.pii()) {
      parts.add("pii: true");
    }
    if (column.description() != null) {
      parts.add("description: " + quoted(column.description()));
    }
    return parts.size() == 1 ? quoted(column.type()) : "{ " + String.join(", ", parts) + " }";
  }

  private static void member(StringBuilder out, String key, @Nullable String value) {
    if (value != null) {
      out.append(key).append(": ").append(quoted(value)).append('\n');
    }
  }

  private static void list(StringBuilder out, String key, List<String> values) {
    if (!values.isEmpty()) {
      out.append(key).append(": ").append(quoted(values)).append('\n');
    }
  }

  private static String quoted(List<String> values) {
    return "[" + String.join(", ", values.stream().map(SchemaText::quoted).toList()) + "]";
  }

  private static String quoted(String text) {
    return ConfigUtil.quoteString(text);
  }

  private static String key(String name) {
    return name.chars().allMatch(c -> Chars.isWordPart((char) c)) ? name : quoted(name);
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}]", " ");
  }
}
