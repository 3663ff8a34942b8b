package io.mlpipeline.config;

import io.mlpipeline.model.SchemaSpec;
import io.mlpipeline.model.SourceLocation;
import java.util.Map;

/**
 * A contract and where its parts were written.
 *
 * @param spec the contract
 * @param top the file
 * @param columns the line of each column, by its name
 * @param members the line of each top-level key that was written, such as {@code keys}
 */
public record WrittenSchema(
    SchemaSpec spec,
    SourceLocation top,
    Map<String, SourceLocation> columns,
    Map<String, SourceLocation> members) {

  public WrittenSchema {
    columns = Map.copyOf(columns);
    members = Map.copyOf(members);
  }

  /** Where a column was written; the place of all columns if it was not. */
  public SourceLocation column(String name) {
    SourceLocation own = columns.get(name);
    return own == null ? member("columns") : own;
  }

  /** Where a top-level key was written; the file if it was not. */
  public SourceLocation member(String key) {
    return members.getOrDefault(key, top);
  }
}
