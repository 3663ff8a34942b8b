package io.mlpipeline.model;

import java.util.List;

/**
 * A data contract: {@code conf/schemas/NAME-vN.conf}.
 *
 * @param name the name with its version, such as {@code events-v1}
 * @param columns the columns in order
 * @param keys columns that name a row; empty if none
 */
public record SchemaSpec(String name, List<ColumnSpec> columns, List<String> keys) {

  public SchemaSpec {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
  }

  /** A text that is equal if and only if two contracts ask the same of data. */
  public String canonicalText() {
    StringBuilder out = new StringBuilder();
    for (ColumnSpec column : columns) {
      out.append(Params.text(column.name())).append(' ').append(column.type());
      out.append(column.nullable() ? "" : " not null").append(", ");
    }
    return out.append("keys ").append(Params.text(keys)).toString();
  }
}
