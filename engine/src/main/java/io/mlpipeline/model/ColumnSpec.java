package io.mlpipeline.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One column of a contract.
 *
 * @param name the column's name
 * @param type a Spark SQL type in lower case, such as {@code bigint} or {@code decimal(10,2)}
 * @param nullable whether nulls are allowed
 * @param description what it is, for people; null if nothing was written
 * @param unit the unit of measurement, such as {@code USD} or {@code km}; null if none was written
 * @param allowed the only values that may stand in it, as texts; empty if any may
 * @param pii whether it holds what identifies a person
 */
public record ColumnSpec(
    String name,
    String type,
    boolean nullable,
    @Nullable String description,
    @Nullable String unit,
    List<String> allowed,
    boolean pii) {

  public ColumnSpec {
    allowed = List.copyOf(allowed);
  }

  /** A column of which only the type is known. */
  public ColumnSpec(String name, String type, boolean nullable) {
    this(name, type, nullable, null, null, List.of(), false);
  }
}
