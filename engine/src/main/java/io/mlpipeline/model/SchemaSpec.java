package io.mlpipeline.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A data contract: {@code conf/schemas/NAME-vN.conf}.
 *
 * @param name the name with its version, such as {@code events-v1}
 * @param description what a row is, for people; null if nothing was written
 * @param columns the columns in order
 * @param keys columns that name a row; empty if none
 * @param partitionBy the columns that a table of it is partitioned by; empty if none
 * @param newColumns what to do about a column that is not in it
 * @param compatible what it promises about the version before it
 */
public record SchemaSpec(
    String name,
    @Nullable String description,
    List<ColumnSpec> columns,
    List<String> keys,
    List<String> partitionBy,
    NewColumns newColumns,
    Compatibility compatible) {

  public SchemaSpec {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
    partitionBy = List.copyOf(partitionBy);
  }

  /** Columns and keys, and nothing else agreed. */
  public SchemaSpec(String name, List<ColumnSpec> columns, List<String> keys) {
    this(name, null, columns, keys, List.of(), NewColumns.REJECT, Compatibility.UNSTATED);
  }

  /** The column of this name, case not counting. */
  public Optional<ColumnSpec> column(String wanted) {
    String lower = wanted.toLowerCase(Locale.ROOT);
    return columns.stream()
        .filter(c -> c.name().toLowerCase(Locale.ROOT).equals(lower))
        .findFirst();
  }

  /**
   * What a contract asks and promises, as {@code sha256:} and 64 hex digits: everything in it but
   * its descriptions, which may be improved. The order of columns counts, that of allowed values
   * does not.
   */
  public String digest() {
    Canonical all = new Canonical().text("s1").text(name).count(columns.size());
    for (ColumnSpec column : columns) {
      all.text(column.name())
          .text(column.type())
          .count(column.nullable() ? 1 : 0)
          .text(column.unit() == null ? "" : column.unit())
          .texts(new TreeSet<>(column.allowed()))
          .count(column.pii() ? 1 : 0);
    }
    all.texts(keys).texts(partitionBy).text(newColumns.name()).text(compatible.name());
    return "sha256:" + all.hex();
  }

  /**
   * A text that is equal if and only if two contracts make the same rows of the same data. What is
   * asked of values (allowed ones, keys) is judged by the gate.
   */
  public String canonicalText() {
    StringBuilder out = new StringBuilder();
    for (ColumnSpec column : columns) {
      out.append(Params.text(column.name())).append(' ').append(column.type());
      out.append(column.nullable() ? "" : " not null").append(", ");
    }
    out.append("keys ").append(Params.text(keys));
    if (newColumns != NewColumns.REJECT) {
      out.append(", new columns left out");
    }
    return out.toString();
  }
}
